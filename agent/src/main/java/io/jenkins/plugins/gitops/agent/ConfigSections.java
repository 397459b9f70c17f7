package io.jenkins.plugins.gitops.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.AgentConfig.ClusterAccess;
import io.jenkins.plugins.gitops.agent.AgentConfig.HealthAddress;
import io.jenkins.plugins.gitops.agent.AgentConfig.Jenkins;
import io.jenkins.plugins.gitops.core.model.Durations;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.StrictMapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The common sections of the configuration files of agents and observers. Paths are relative to the file's folder. */
public final class ConfigSections {
    private static final List<String> JENKINS = List.of("url", "secretFile", "secretVariable");
    private static final List<String> CLUSTER = List.of("kubeconfig", "context");
    private static final List<String> HEALTH = List.of("address", "port");
    private static final Pattern DURATION = Pattern.compile("\\d{1,6}(ms|s|m)");

    private final Path folder;
    private final StrictMapping root;

    private ConfigSections(Path folder, StrictMapping root) {
        this.folder = folder;
        this.root = root;
    }

    /**
     * Reads a configuration file.
     *
     * @param what a description for messages
     * @param keys the allowed keys at its root
     * @throws UserErrorException if it cannot be read, or is not a mapping with these keys
     */
    public static ConfigSections read(Path file, String what, List<String> keys) throws UserErrorException {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UserErrorException(
                            SourceLocation.of(file.toString()), "The file cannot be read", "Name a file that exists")
                    .causedBy(e);
        }
        YamlNode node = YamlText.parse(file.toString(), content)
                .first()
                .orElseThrow(() -> new UserErrorException(
                        SourceLocation.of(file.toString()), "The file is empty", "Write " + String.join(", ", keys)));
        return new ConfigSections(file.toAbsolutePath().getParent(), StrictMapping.of(node, what, keys));
    }

    /** The root of the file. */
    public StrictMapping root() {
        return root;
    }

    /** Resolves a path in the file. */
    Path resolve(String path) {
        return folder.resolve(path);
    }

    /** Where reports are sent; null for none. */
    @CheckForNull
    public Jenkins jenkins() throws UserErrorException {
        StrictMapping mapping = child(root, "jenkins", JENKINS);
        if (mapping == null) {
            return null;
        }
        URI url = httpUrl(mapping);
        SecretSource secret = secret(mapping, "secretFile", "secretVariable");
        if (secret == null) {
            throw new UserErrorException(
                    mapping.location(), "There is no report secret", "Name secretFile or secretVariable");
        }
        return new Jenkins(url, secret);
    }

    private static URI httpUrl(StrictMapping mapping) throws UserErrorException {
        String text = mapping.requiredText("url");
        try {
            URI url = URI.create(text);
            boolean http = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            if (http && url.getHost() != null && url.getUserInfo() == null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // The error is thrown below, as for all other invalid URLs.
        }
        throw new UserErrorException(
                mapping.valueLocation("url"),
                "This is not an http or https URL without a user",
                "Write Jenkins' URL, for example https://jenkins.example.com/");
    }

    /** The secret for one of two keys; null if neither is present. */
    @CheckForNull
    SecretSource secret(StrictMapping mapping, String fileKey, String variableKey) throws UserErrorException {
        String file = mapping.text(fileKey);
        String variable = mapping.text(variableKey);
        if (file != null && variable != null) {
            throw new UserErrorException(
                    mapping.keyLocation(variableKey),
                    "The secret is named twice",
                    "Keep " + fileKey + " or " + variableKey);
        }
        if (file != null) {
            return SecretSource.file(folder.resolve(file));
        }
        return variable == null ? null : SecretSource.variable(variable);
    }

    /** How to connect to the cluster. */
    public ClusterAccess cluster() throws UserErrorException {
        StrictMapping mapping = child(root, "cluster", CLUSTER);
        if (mapping == null) {
            return ClusterAccess.OWN;
        }
        String kubeconfig = mapping.text("kubeconfig");
        return new ClusterAccess(kubeconfig == null ? null : folder.resolve(kubeconfig), mapping.text("context"));
    }

    /** A duration such as {@code 500ms}, {@code 3s} or {@code 2m}. */
    public static Duration duration(StrictMapping mapping, String key, Duration missing) throws UserErrorException {
        String text = mapping.text(key);
        if (text == null) {
            return missing;
        }
        return Optional.of(text)
                .filter(DURATION.asMatchPredicate())
                .flatMap(Durations::ofGo)
                .orElseThrow(() -> new UserErrorException(
                        mapping.valueLocation(key),
                        "\"" + key + "\" is not a duration",
                        "Write for example 500ms, 3s or 2m"));
    }

    /** The address of the health endpoint; null for none. */
    @CheckForNull
    public HealthAddress health() throws UserErrorException {
        StrictMapping mapping = child(root, "health", HEALTH);
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
            throw new UserErrorException(mapping.valueLocation("port"), "\"port\" is not a port", "Write 1 to 65535");
        }
        return new HealthAddress(
                address == null ? "127.0.0.1" : address, Integer.parseInt(((Scalar) port.resolved()).value()));
    }

    /** The nested mapping of a key; null if the key is missing. */
    @CheckForNull
    public static StrictMapping child(StrictMapping parent, String key, List<String> known) throws UserErrorException {
        YamlNode node = parent.value(key);
        return node == null ? null : StrictMapping.of(node, "\"" + key + "\"", known);
    }
}
