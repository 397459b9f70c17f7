package io.jenkins.plugins.gitops.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.AgentConfig.ClusterAccess;
import io.jenkins.plugins.gitops.agent.AgentConfig.HealthAddress;
import io.jenkins.plugins.gitops.agent.AgentConfig.Intervals;
import io.jenkins.plugins.gitops.agent.AgentConfig.Jenkins;
import io.jenkins.plugins.gitops.agent.AgentConfig.Repository;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.yaml.StrictMapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads an agent's configuration file. Relative paths in it start at the file's own folder. */
public final class AgentConfigReader {
    private static final List<String> ROOT = List.of(
            "name",
            "jenkins",
            "repository",
            "applications",
            "cluster",
            "destinations",
            "intervals",
            "cacheFolder",
            "health");
    private static final List<String> JENKINS = List.of("url", "secretFile", "secretVariable");
    private static final List<String> REPOSITORY =
            List.of("url", "branch", "aliases", "username", "passwordFile", "passwordVariable");
    private static final List<String> CLUSTER = List.of("kubeconfig", "context");
    private static final List<String> INTERVALS = List.of("git", "pass", "heartbeat", "gitGrace");
    private static final List<String> HEALTH = List.of("address", "port");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s|m)");

    private final Path folder;

    private AgentConfigReader(Path folder) {
        this.folder = folder;
    }

    /**
     * @throws RefusedException when the file cannot be read, or anything in it is missing, unknown or of a wrong
     * type
     */
    public static AgentConfig read(Path file) throws RefusedException {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new RefusedException(
                            SourceLocation.of(file.toString()), "The file cannot be read", "Name a file that is there")
                    .causedBy(e);
        }
        YamlNode root = YamlText.parse(file.toString(), content)
                .first()
                .orElseThrow(() -> new RefusedException(
                        SourceLocation.of(file.toString()), "The file is empty", "Write " + String.join(", ", ROOT)));
        return new AgentConfigReader(file.toAbsolutePath().getParent()).config(root);
    }

    private AgentConfig config(YamlNode node) throws RefusedException {
        StrictMapping root = StrictMapping.of(node, "an agent's configuration", ROOT);
        Set<String> destinations = new HashSet<>(AgentConfig.OWN_CLUSTER);
        destinations.addAll(root.texts("destinations"));
        String cache = root.text("cacheFolder");
        return new AgentConfig(
                root.requiredText("name"),
                jenkins(child(root, "jenkins", JENKINS)),
                repository(root),
                root.requiredText("applications"),
                cluster(child(root, "cluster", CLUSTER)),
                destinations,
                intervals(child(root, "intervals", INTERVALS)),
                folder.resolve(cache == null ? "cache" : cache),
                health(child(root, "health", HEALTH)));
    }

    @CheckForNull
    private Jenkins jenkins(@CheckForNull StrictMapping mapping) throws RefusedException {
        if (mapping == null) {
            return null;
        }
        URI url = httpUrl(mapping);
        SecretSource secret = secret(mapping, "secretFile", "secretVariable");
        if (secret == null) {
            throw new RefusedException(
                    mapping.location(), "There is no report secret", "Name secretFile or secretVariable");
        }
        return new Jenkins(url, secret);
    }

    private static URI httpUrl(StrictMapping mapping) throws RefusedException {
        String text = mapping.requiredText("url");
        try {
            URI url = URI.create(text);
            boolean http = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            if (http && url.getHost() != null && url.getUserInfo() == null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Told below, as for every other text that is no such URL.
        }
        throw new RefusedException(
                mapping.valueLocation("url"),
                "This is not an http or https URL without a user",
                "Write Jenkins' URL, for example https://jenkins.example.com/");
    }

    private Repository repository(StrictMapping root) throws RefusedException {
        StrictMapping mapping = child(root, "repository", REPOSITORY);
        if (mapping == null) {
            throw new RefusedException(root.location(), "\"repository\" is missing", "Name the config repository");
        }
        String branch = mapping.text("branch");
        String username = mapping.text("username");
        SecretSource password = secret(mapping, "passwordFile", "passwordVariable");
        if ((username == null) != (password == null)) {
            throw new RefusedException(
                    mapping.location(), "A user name and a password go together", "Write both or none of them");
        }
        return new Repository(
                mapping.requiredText("url"),
                branch == null ? "main" : branch,
                mapping.texts("aliases"),
                username,
                password);
    }

    @CheckForNull
    private SecretSource secret(StrictMapping mapping, String fileKey, String variableKey) throws RefusedException {
        String file = mapping.text(fileKey);
        String variable = mapping.text(variableKey);
        if (file != null && variable != null) {
            throw new RefusedException(
                    mapping.keyLocation(variableKey),
                    "The secret is named twice",
                    "Keep " + fileKey + " or " + variableKey);
        }
        if (file != null) {
            return SecretSource.file(folder.resolve(file));
        }
        return variable == null ? null : SecretSource.variable(variable);
    }

    private ClusterAccess cluster(@CheckForNull StrictMapping mapping) throws RefusedException {
        if (mapping == null) {
            return ClusterAccess.OWN;
        }
        String kubeconfig = mapping.text("kubeconfig");
        return new ClusterAccess(kubeconfig == null ? null : folder.resolve(kubeconfig), mapping.text("context"));
    }

    private static Intervals intervals(@CheckForNull StrictMapping mapping) throws RefusedException {
        Intervals standard = Intervals.DEFAULT;
        return mapping == null
                ? standard
                : new Intervals(
                        duration(mapping, "git", standard.git()),
                        duration(mapping, "pass", standard.pass()),
                        duration(mapping, "heartbeat", standard.heartbeat()),
                        duration(mapping, "gitGrace", standard.gitGrace()));
    }

    private static Duration duration(StrictMapping mapping, String key, Duration missing) throws RefusedException {
        String text = mapping.text(key);
        if (text == null) {
            return missing;
        }
        Matcher matcher = DURATION.matcher(text);
        long amount = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
        if (amount == 0) {
            throw new RefusedException(
                    mapping.valueLocation(key),
                    "\"" + key + "\" is not a duration",
                    "Write for example 500ms, 3s or 2m");
        }
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }

    @CheckForNull
    private static HealthAddress health(@CheckForNull StrictMapping mapping) throws RefusedException {
        if (mapping == null) {
            return null;
        }
        String address = mapping.text("address");
        YamlNode port = mapping.value("port");
        boolean number = port != null
                && port.resolved() instanceof Scalar scalar
                && scalar.value().matches("\\d{1,5}")
                && Integer.parseInt(scalar.value()) < 65536;
        if (!number) {
            throw new RefusedException(mapping.valueLocation("port"), "\"port\" is not a port", "Write 1 to 65535");
        }
        return new HealthAddress(
                address == null ? "127.0.0.1" : address, Integer.parseInt(((Scalar) port.resolved()).value()));
    }

    @CheckForNull
    private static StrictMapping child(StrictMapping parent, String key, List<String> known) throws RefusedException {
        YamlNode node = parent.value(key);
        return node == null ? null : StrictMapping.of(node, "\"" + key + "\"", known);
    }
}
