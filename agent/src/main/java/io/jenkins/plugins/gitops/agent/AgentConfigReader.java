package io.jenkins.plugins.gitops.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.AgentConfig.Intervals;
import io.jenkins.plugins.gitops.agent.AgentConfig.Repository;
import io.jenkins.plugins.gitops.agent.ownership.ReplacedManagers;
import io.jenkins.plugins.gitops.agent.reconcile.IdentityGuard;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.StrictMapping;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads an agent's configuration file. Relative paths in it are relative to the file's folder. */
public final class AgentConfigReader {
    private static final List<String> ROOT = List.of(
            "name",
            "jenkins",
            "repository",
            "applications",
            "cluster",
            "destinations",
            "adoptFrom",
            "allowedNamespaces",
            "deniedNamespaces",
            "allowedKinds",
            "deniedKinds",
            "intervals",
            "cacheFolder",
            "ignoreAppProjects",
            "replacedFieldManagers",
            "identity",
            "health");
    private static final List<String> REPOSITORY = List.of(
            "url",
            "branch",
            "aliases",
            "username",
            "passwordFile",
            "passwordVariable",
            "privateKeyFile",
            "knownHostsFile");
    private static final List<String> IDENTITY = List.of("cluster", "repository");
    private static final List<String> INTERVALS = List.of("git", "pass", "heartbeat", "gitGrace");

    private final ConfigSections sections;

    private AgentConfigReader(ConfigSections sections) {
        this.sections = sections;
    }

    /**
     * @throws UserErrorException if the file cannot be read, or anything in it is missing, unknown or of the wrong type
     */
    public static AgentConfig read(Path file) throws UserErrorException {
        return new AgentConfigReader(ConfigSections.read(file, "an agent's configuration", ROOT)).config();
    }

    private AgentConfig config() throws UserErrorException {
        StrictMapping root = sections.root();
        Set<String> destinations = new HashSet<>(AgentConfig.OWN_CLUSTER);
        destinations.addAll(root.texts("destinations"));
        String cache = root.text("cacheFolder");
        return new AgentConfig(
                root.requiredText("name"),
                sections.jenkins(),
                repository(root),
                root.requiredText("applications"),
                sections.cluster(),
                destinations,
                new HashSet<>(root.texts("adoptFrom")),
                intervals(ConfigSections.child(root, "intervals", INTERVALS)),
                sections.resolve(cache == null ? "cache" : cache),
                root.value("replacedFieldManagers") == null
                        ? ReplacedManagers.DEFAULT
                        : ReplacedManagers.of(root.texts("replacedFieldManagers")),
                identity(ConfigSections.child(root, "identity", IDENTITY)),
                AllowedResourcesReader.read(root, AllowedResourcesReader.POD_NAMESPACE),
                root.flag("ignoreAppProjects", false),
                sections.health());
    }

    private static IdentityGuard.Pinned identity(@CheckForNull StrictMapping mapping) throws UserErrorException {
        if (mapping == null) {
            return IdentityGuard.Pinned.NOTHING;
        }
        String repository = mapping.text("repository");
        if (repository != null && !repository.matches("[0-9a-f]{40}")) {
            throw new UserErrorException(
                    mapping.valueLocation("repository"),
                    "\"repository\" is not a commit of 40 hex digits",
                    "Write the first commit of the branch, or one that it will always descend from");
        }
        return new IdentityGuard.Pinned(mapping.text("cluster"), repository);
    }

    private Repository repository(StrictMapping root) throws UserErrorException {
        StrictMapping mapping = ConfigSections.child(root, "repository", REPOSITORY);
        if (mapping == null) {
            throw new UserErrorException(root.location(), "\"repository\" is missing", "Name the config repository");
        }
        String url = mapping.requiredText("url");
        String username = mapping.text("username");
        SecretSource password = sections.secret(mapping, "passwordFile", "passwordVariable");
        boolean ssh = !url.startsWith("https:") && !url.startsWith("http:");
        if (ssh && username != null) {
            throw new UserErrorException(
                    mapping.keyLocation("username"),
                    "The user of an ssh repository is part of its URL",
                    "Remove username");
        }
        if (!ssh && (username == null) != (password == null)) {
            throw new UserErrorException(
                    mapping.location(),
                    "A user name and a password must be set together",
                    "Write both or none of them");
        }
        return new Repository(
                url,
                mapping.text("branch"),
                mapping.texts("aliases"),
                username,
                password,
                sshFile(mapping, "privateKeyFile", ssh),
                sshFile(mapping, "knownHostsFile", ssh));
    }

    @CheckForNull
    private Path sshFile(StrictMapping mapping, String key, boolean ssh) throws UserErrorException {
        String file = mapping.text(key);
        if (file != null && !ssh) {
            throw new UserErrorException(
                    mapping.keyLocation(key),
                    "\"" + key + "\" applies to an ssh repository only",
                    "Remove it, or write an ssh URL");
        }
        return file == null ? null : sections.resolve(file);
    }

    private static Intervals intervals(@CheckForNull StrictMapping mapping) throws UserErrorException {
        Intervals standard = Intervals.DEFAULT;
        return mapping == null
                ? standard
                : new Intervals(
                        ConfigSections.duration(mapping, "git", standard.git()),
                        ConfigSections.duration(mapping, "pass", standard.pass()),
                        ConfigSections.duration(mapping, "heartbeat", standard.heartbeat()),
                        ConfigSections.duration(mapping, "gitGrace", standard.gitGrace()));
    }
}
