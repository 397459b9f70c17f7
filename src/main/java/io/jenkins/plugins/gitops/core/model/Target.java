package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;

/**
 * One application in one environment.
 *
 * @param application for example {@code payments-api}
 * @param environment for example {@code staging}
 * @param path folder in the config repository, without leading or trailing slash
 * @param imageFile path of the file that holds the image, relative to the repository's root; null until it is looked for
 * @param imagePaths dotted paths of the images in Helm values, for example {@code backend.image}; empty means the usual one
 */
public record Target(
        String application,
        String environment,
        String path,
        @CheckForNull String imageFile,
        List<String> imagePaths) {

    public Target {
        imagePaths = List.copyOf(imagePaths);
    }

    /** With the usual image path. */
    public Target(String application, String environment, String path, @CheckForNull String imageFile) {
        this(application, environment, path, imageFile, List.of());
    }

    /** {@code application/environment}, as in the {@code Gitops-Target} trailer. */
    public String id() {
        return application + "/" + environment;
    }

    /** Whether a file of the repository lies in this target's folder. */
    public boolean contains(String file) {
        return file.startsWith(path + "/");
    }

    @Override
    public String toString() {
        return id();
    }
}
