package io.jenkins.plugins.gitops.agent.observe;

import io.jenkins.plugins.gitops.agent.ConfigSections;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.StrictMapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import java.nio.file.Path;
import java.util.List;

/** Reads an observer's configuration file. */
public final class ObserverConfigReader {
    private static final List<String> ROOT = List.of(
            "name", "jenkins", "cluster", "flux", "argocd", "namespaces", "requestReconcile", "heartbeat", "health");

    private ObserverConfigReader() {}

    /**
     * @throws UserErrorException if the file cannot be read, or anything in it is missing, unknown or of the wrong type
     */
    public static ObserverConfig read(Path file) throws UserErrorException {
        ConfigSections sections = ConfigSections.read(file, "an observer's configuration", ROOT);
        StrictMapping root = sections.root();
        boolean flux = flag(root, "flux", true);
        boolean argocd = flag(root, "argocd", false);
        if (!flux && !argocd) {
            throw new UserErrorException(
                    root.valueLocation("flux"), "There is nothing to observe", "Write flux: true or argocd: true");
        }
        return new ObserverConfig(
                root.requiredText("name"),
                sections.jenkins(),
                sections.cluster(),
                flux,
                argocd,
                root.texts("namespaces"),
                flag(root, "requestReconcile", false),
                ConfigSections.duration(root, "heartbeat", ObserverConfig.HEARTBEAT),
                sections.health());
    }

    private static boolean flag(StrictMapping root, String key, boolean missing) throws UserErrorException {
        YamlNode node = root.value(key);
        if (node == null) {
            return missing;
        }
        String text = node.resolved() instanceof Scalar scalar ? scalar.value() : "";
        if (!text.equals("true") && !text.equals("false")) {
            throw new UserErrorException(
                    root.valueLocation(key), "\"" + key + "\" is neither true nor false", "Write true or false");
        }
        return text.equals("true");
    }
}
