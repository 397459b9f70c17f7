package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import io.jenkins.plugins.gitops.core.git.remote.GitOptions;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A separate process that writes changes and prints the result of each: {@code operation changed revision}. Each change
 * increments the number in one of eight files.
 */
public final class ChildWriter {
    static final int FILES = 8;
    static final String SCOPE = "child";
    private static final GitOptions OPTIONS =
            ServedRepository.withShortTimeouts(Duration.ofMinutes(2), Duration.ofMinutes(1), false);

    private ChildWriter() {}

    /** The points at which a process ends as if it were killed. */
    enum Death {
        NEVER,
        BEFORE_THE_WRITER_RUNS,
        BEFORE_THE_FIRST_CONNECTION,
        BEFORE_THE_SECOND_CONNECTION,
        IN_THE_PLANNER,
        AFTER_THE_WRITER_RAN,
        WHEN_TOLD
    }

    /**
     * The task of a process.
     *
     * @param operations prefix of the operation ids
     * @param inFlight how many changes are submitted at the same time
     */
    record WriterTask(Path cache, String url, String branch, String operations, int count, int inFlight, Death death) {}

    static Process start(WriterTask task) throws IOException {
        List<String> arguments = List.of(
                task.cache().toString(),
                task.url(),
                task.branch(),
                task.operations(),
                String.valueOf(task.count()),
                String.valueOf(task.inFlight()),
                task.death().name());
        return java(ChildWriter.class, arguments)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Prepares a separate process that runs a class of these tests. */
    static ProcessBuilder java(Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx256m",
                "-cp",
                classPath(),
                main.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    /**
     * Returns the folders and the libraries that a writer needs; searching the whole class path takes longer than the
     * work.
     */
    private static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> !entry.endsWith(".jar")
                        || entry.matches(
                                ".*(org.eclipse.jgit-|JavaEWAH|slf4j|commons-codec|spotbugs|junit-|hamcrest).*"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Waits until a process ends. Returns the printed results by operation. */
    static Map<String, String> told(Process process) throws IOException {
        Map<String, String> told = new LinkedHashMap<>();
        String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        for (String line : all.lines().toList()) {
            told.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
        }
        return told;
    }

    public static void main(String[] arguments) throws Exception {
        Death death = Death.valueOf(arguments[6]);
        ExecutorService threads = Executors.newCachedThreadPool();
        Executor writer = task -> threads.execute(() -> {
            dieIf(death == Death.BEFORE_THE_WRITER_RUNS);
            task.run();
            dieIf(death == Death.AFTER_THE_WRITER_RAN);
        });
        AtomicInteger connections = new AtomicInteger();
        GitCredentials access = transport -> {
            int number = connections.incrementAndGet();
            dieIf(death == Death.BEFORE_THE_FIRST_CONNECTION && number == 1);
            dieIf(death == Death.BEFORE_THE_SECOND_CONNECTION && number == 2);
            GitCredentials.basic(transport, ServedRepository.USER, ServedRepository.PASSWORD);
        };
        try (ConfigRepository repository = ConfigRepository.open(
                Path.of(arguments[0]), arguments[1], arguments[2], SCOPE, access, writer, OPTIONS)) {
            write(repository, arguments, death);
        }
        threads.shutdown();
    }

    private static void write(ConfigRepository repository, String[] arguments, Death death) throws Exception {
        int count = Integer.parseInt(arguments[4]);
        Semaphore inFlight = new Semaphore(Integer.parseInt(arguments[5]));
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            inFlight.acquire();
            String operation = arguments[3] + i;
            futures.add(repository.submit(change(operation, i % FILES, death)).handle((result, failure) -> {
                inFlight.release();
                dieIf(death == Death.WHEN_TOLD);
                String told = failure == null ? result.changed() + " " + result.revision() : failure.toString();
                System.out.println(operation + " " + told);
                return null;
            }));
        }
        CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).get();
    }

    /** Increments the number in a file. */
    static Change change(String operation, int file, Death death) {
        String path = "counters/c" + file;
        return new Change(operation, new Author("Child", "child@example.com"), tip -> {
            dieIf(death == Death.IN_THE_PLANNER);
            byte[] present = tip.files().read(path).orElse(new byte[] {'0'});
            int next = Integer.parseInt(new String(present, StandardCharsets.UTF_8)) + 1;
            byte[] bytes = String.valueOf(next).getBytes(StandardCharsets.UTF_8);
            return new ChangePlan(Map.of(path, bytes), "Do " + operation, Trailers.none());
        });
    }

    private static void dieIf(boolean now) {
        if (now) {
            Runtime.getRuntime().halt(137);
        }
    }
}
