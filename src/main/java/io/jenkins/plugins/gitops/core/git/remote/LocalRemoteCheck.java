package io.jenkins.plugins.gitops.core.git.remote;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Checks that a remote in a local folder is supported; JGit would report a corrupt clone otherwise. */
final class LocalRemoteCheck {
    private LocalRemoteCheck() {}

    private static boolean isLocal(String url) {
        return url.startsWith("/") || url.startsWith("file:/");
    }

    /** @throws GitRemoteException when it is shallow, or uses SHA-256 object ids */
    static void check(String url, RemoteErrorTranslator failures) throws GitRemoteException {
        if (!isLocal(url)) {
            return;
        }
        try {
            Path folder = url.startsWith("/") ? Path.of(url) : Path.of(URI.create(url));
            Path git = Files.isDirectory(folder.resolve(".git")) ? folder.resolve(".git") : folder;
            Path shallow = git.resolve("shallow");
            if (Files.isRegularFile(shallow) && Files.size(shallow) > 0) {
                throw failures.shallow();
            }
            Path config = git.resolve("config");
            if (Files.isRegularFile(config)
                    && Files.readString(config)
                            .toLowerCase(Locale.ROOT)
                            .replace(" ", "")
                            .contains("objectformat=sha256")) {
                throw failures.sha256();
            }
        } catch (IOException | IllegalArgumentException e) {
            // The fetch that follows reports the error.
        }
    }
}
