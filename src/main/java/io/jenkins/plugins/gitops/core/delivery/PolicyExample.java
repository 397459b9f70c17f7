package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.yaml.ScalarWriter;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.QuotingStyle;

/** Lines of {@code gitops.yaml} that messages propose, each in one line. */
final class PolicyExample {
    /** How to name targets one by one. */
    static final String TARGETS = "targets: [{application: APP, environment: ENV, path: FOLDER, file: FILE}]";

    private final boolean hasFile;

    /** @param hasFile whether there is a file that the lines can be added to; else they are a whole file */
    PolicyExample(boolean hasFile) {
        this.hasFile = hasFile;
    }

    /** The file that the lines belong to; null when there is none yet. */
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
     * @param file from the repository's root, below the path; null when it is looked for
     */
    String target(String application, String environment, String path, @CheckForNull String file) {
        return lines("targets: [{application: " + quoted(application) + ", environment: " + quoted(environment)
                + ", path: " + quoted(path)
                + (file == null ? "" : ", file: " + quoted(file.substring(path.length() + 1))) + "}]");
    }

    /** An environment. @param folder the text in paths, which may be its name */
    static String environment(String folder) {
        return LayoutPattern.isName(folder)
                ? "{name: " + quoted(folder) + "}"
                : "{name: NAME, folder: " + quoted(folder) + "}";
    }

    private static String quoted(String text) {
        return ScalarWriter.write(text, QuotingStyle.PLAIN, true);
    }
}
