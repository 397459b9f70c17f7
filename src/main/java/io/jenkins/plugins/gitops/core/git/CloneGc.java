package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.git.remote.IsolatedRepository;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.Repository;

/**
 * Packs the objects of a clone, since every change adds loose objects and every fetch a pack, and lookups search all
 * packs.
 */
final class CloneGc {
    static final int MAX_LOOSE = 6_000;
    static final int MAX_PACKS = 50;

    /** Unreachable objects are kept for this long, since they may belong to a group that is being written. */
    private static final Duration GRACE = Duration.ofDays(1);

    private CloneGc() {}

    /** Whether the repository has more loose objects or packs than these limits. */
    static boolean isDue(Repository repository, int mostLoose, int mostPacks) throws IOException {
        Path objects = repository.getDirectory().toPath().resolve("objects");
        int loose = 0;
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(objects, "??")) {
            for (Path folder : folders) {
                loose += count(folder, "*");
            }
        }
        return loose > mostLoose || count(objects.resolve("pack"), "*.pack") > mostPacks;
    }

    private static int count(Path folder, String pattern) throws IOException {
        int count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, pattern)) {
            for (Path file : files) {
                count += file == null ? 0 : 1;
            }
        }
        return count;
    }

    static void run(IsolatedRepository repository) throws IOException {
        try {
            Git.wrap(repository.files())
                    .gc()
                    .setExpire(Instant.now().minus(GRACE))
                    .call();
        } catch (GitAPIException e) {
            throw new IOException("The clone could not be packed", e);
        }
    }
}
