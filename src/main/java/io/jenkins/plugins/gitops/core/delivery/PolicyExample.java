package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.yaml.ScalarWriter;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.QuotingStyle;

/** Example lines of {@code gitops.yaml} for messages, each in one line. */
final class PolicyExample {
    /** How to declare targets individually. */
    static final String TARGETS = "targets: [{application: APP, environment: ENV, path: FOLDER, file: FILE}]";

    private final boolean hasFile;

    /** @param hasFile whether the lines are to be added to an existing file; otherwise they are a complete file */
    PolicyExample(boolean hasFile) {
        this.hasFile = hasFile;
    }

    /** The file to add the lines to; null when there is none yet. */
    @CheckForNull
    SourceLocation file() {
        return hasFile ? SourceLocation.of(Delivery.FILE) : null;
    }

    /** Lines as part of a sentence: {@code "targets: [...] in gitops.yaml"}. */
    String lines(String yaml) {
        return hasFile
                ? yaml + " in " + Delivery.FILE
                : "a " + Delivery.FILE + " that contains {apiVersion: " + DeliveryFile.API_VERSION + ", kind: "
                        + DeliveryFile.KIND + ", " + yaml + "}";
    }

    /**
     * An entry of {@code targets}, as part of a sentence.
     *
     * @param file from the repository's root, inside the path; null when it is detected
     */
    String target(String application, String environment, String path, @CheckForNull String file) {
        return lines("targets: [{application: " + quoted(application) + ", environment: " + quoted(environment)
                + ", path: " + quoted(path)
                + (file == null ? "" : ", file: " + quoted(file.substring(path.length() + 1))) + "}]");
    }

    /**
     * An environment.
     *
     * @param folder its name in paths, which may also be its name
     */
    static String environment(String folder) {
        return LayoutPattern.isName(folder)
                ? "{name: " + quoted(folder) + "}"
                : "{name: NAME, folder: " + quoted(folder) + "}";
    }

    private static String quoted(String text) {
        return ScalarWriter.write(text, QuotingStyle.PLAIN, true);
    }
}
