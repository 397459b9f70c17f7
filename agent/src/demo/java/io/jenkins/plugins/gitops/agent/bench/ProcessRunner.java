package io.jenkins.plugins.gitops.agent.bench;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the programs of the peers. */
final class ProcessRunner {
    private static final int MINUTES = 5;

    private ProcessRunner() {}

    static boolean hasGit() throws InterruptedException {
        return isThere("git", "--version");
    }

    /**
     * Returns the command for kustomize: the variable {@code GITOPS_KUSTOMIZE}, or the program on the path; null if not
     * found.
     */
    @CheckForNull
    static String kustomize() throws InterruptedException {
        String named = System.getenv("GITOPS_KUSTOMIZE");
        String program = named == null || named.isEmpty() ? "kustomize" : named;
        return isThere(program, "version") ? program : null;
    }

    private static boolean isThere(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(MINUTES, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Runs a shell script to its end, without the Git configuration of this machine.
     *
     * @param arguments {@code $1} and so on
     * @throws IOException if it fails or hangs; the message contains its output
     */
    static void shell(Path folder, String script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-e", "-c", script, "sh"));
        command.addAll(List.of(arguments));
        run(folder, command);
    }

    /** Runs a command as {@link #shell} runs a script. */
    static void run(Path folder, List<String> command) throws IOException, InterruptedException {
        Path log = Files.createTempFile(folder, "output", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .putAll(Map.of(
                        "GIT_CONFIG_NOSYSTEM", "1",
                        "GIT_CONFIG_GLOBAL", "/dev/null",
                        "GIT_TERMINAL_PROMPT", "0",
                        "GIT_AUTHOR_NAME", "bench",
                        "GIT_AUTHOR_EMAIL", "bench@example.com",
                        "GIT_COMMITTER_NAME", "bench",
                        "GIT_COMMITTER_EMAIL", "bench@example.com"));
        Process process = builder.start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " did not succeed: "
                    + new String(Files.readAllBytes(log), StandardCharsets.UTF_8));
        }
        Files.delete(log);
    }
}
