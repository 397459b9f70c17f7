package io.jenkins.plugins.gitops.agent.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.api.errors.GitAPIException;

/** A config repository with few files and a long history, most of it data that cannot be compressed. */
final class LargeHistory {
    static final int APPLICATIONS = 50;
    private static final int COMMITS = 250_000;
    private static final long BYTES = 500L << 20;
    private static final long FIRST_COMMIT_SECONDS = 1_500_000_000L;
    private static final int MAX_MINUTES = 5;
    private static final int COMMITS_BETWEEN_LOOKS = 1_000;

    private LargeHistory() {}

    /**
     * Makes a bare repository with {@code git fast-import}; takes about a minute.
     *
     * @throws IOException when it fails, or takes too long
     */
    static void create(Path bare) throws IOException, GitAPIException, InterruptedException {
        GeneratedRepository.create(bare, APPLICATIONS);
        // Compressing random data would only take time.
        Process git = new ProcessBuilder("git", "-c", "core.compression=0", "fast-import", "--quiet", "--done")
                .directory(bare.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MAX_MINUTES);
        try {
            try (OutputStream out = new BufferedOutputStream(git.getOutputStream(), 1 << 20)) {
                write(out, end);
            }
            if (!git.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS) || git.exitValue() != 0) {
                throw new IOException("git fast-import did not succeed within " + MAX_MINUTES + " minutes");
            }
        } finally {
            git.destroyForcibly();
        }
    }

    private static void write(OutputStream out, long end) throws IOException {
        Random random = new Random(COMMITS);
        byte[] data = new byte[(int) (BYTES / COMMITS)];
        for (int i = 1; i < COMMITS; i++) {
            if (i % COMMITS_BETWEEN_LOOKS == 0 && System.nanoTime() > end) {
                throw new IOException("The repository was not made within " + MAX_MINUTES + " minutes");
            }
            text(
                    out,
                    "commit refs/heads/main\ncommitter bench <bench@example.com> " + (FIRST_COMMIT_SECONDS + i)
                            + " +0000\n");
            data(out, ("Change " + i + "\n").getBytes(StandardCharsets.UTF_8));
            if (i == 1) {
                text(out, "from refs/heads/main^0\n");
            }
            text(out, "M 100644 inline services/" + GeneratedRepository.name(i % APPLICATIONS) + "/data.bin\n");
            random.nextBytes(data);
            data(out, data);
        }
        text(out, "done\n");
    }

    private static void data(OutputStream out, byte[] data) throws IOException {
        text(out, "data " + data.length + "\n");
        out.write(data);
        out.write('\n');
    }

    private static void text(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
