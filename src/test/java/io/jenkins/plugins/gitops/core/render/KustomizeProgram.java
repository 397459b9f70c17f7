package io.jenkins.plugins.gitops.core.render;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The kustomize program, if it is on the PATH in the version that this renderer follows. */
final class KustomizeProgram {
    private static final String VERSION = "v5.8.1";
    private static final Optional<Path> PROGRAM = find();

    /**
     * The result of a run.
     *
     * @param output empty if kustomize failed
     */
    record Result(Optional<String> output, String messages) {}

    private KustomizeProgram() {}

    static boolean isPresent() {
        return PROGRAM.isPresent();
    }

    static Result build(Path folder) throws IOException, InterruptedException {
        return run(PROGRAM.orElseThrow(), "build", folder.toString());
    }

    /** Parses the manifests of its output as a cluster does. */
    static List<Map<String, Object>> manifests(String output) throws Exception {
        return PlainManifestReader.read("output of kustomize", output.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<Path> find() {
        return Arrays.stream(Objects.toString(System.getenv("PATH"), "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "kustomize"))
                .filter(Files::isExecutable)
                .filter(KustomizeProgram::isRightVersion)
                .findFirst();
    }

    private static boolean isRightVersion(Path program) {
        try {
            return run(program, "version").output().orElse("").contains(VERSION);
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Result run(Path program, String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile("kustomize", ".yaml");
        Path messages = Files.createTempFile("kustomize", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(program.toString());
            builder.command().addAll(List.of(arguments));
            Process process = builder.redirectOutput(output.toFile())
                    .redirectError(messages.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("kustomize does not end");
            }
            Optional<String> text = process.exitValue() == 0 ? Optional.of(Files.readString(output)) : Optional.empty();
            return new Result(text, Files.readString(messages));
        } finally {
            Files.delete(output);
            Files.delete(messages);
        }
    }
}
