package io.jenkins.plugins.gitops.agent.bench;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command line on a repository with a long history: a process for each call, as in a script. */
final class LargeHistoryBench implements Bench.Rows {
    private static final String FIRST = "large-history-first";
    private static final String LATER = "large-history-later";
    private static final String LATER_CPU = "large-history-later-cpu";
    private static final String LATER_DEFAULT_CPU = "large-history-later-default-cpu";
    private static final int ROUNDS = 5;
    private static final double CPU_MILLIS = 1_000;

    private static final List<String> HEAP = List.of("-Xmx256m");
    /** As in the image, and as the documentation recommends. */
    private static final List<String> RECOMMENDED = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /** Runs a program, and writes its CPU time to a file. */
    private static final String TIMED = """
            times=$1
            shift
            "$@" > /dev/null
            times > "$times"
            """;

    private static final Pattern MINUTES_AND_SECONDS = Pattern.compile("(\\d+)m([\\d.]+)s");
    private static final int CHILDREN = 2;

    private final List<Double> first = new ArrayList<>();
    private final List<Double> completeClone = new ArrayList<>();
    private final List<Double> later = new ArrayList<>();
    private final List<Double> laterCpu = new ArrayList<>();
    private final List<Double> laterDefaultCpu = new ArrayList<>();
    private final List<Double> shallowClone = new ArrayList<>();

    /** Milliseconds of one call. */
    private record Times(double elapsed, double cpu) {}

    @Override
    public List<String> names() {
        return List.of(FIRST, LATER, LATER_CPU, LATER_DEFAULT_CPU);
    }

    @Override
    public List<Bench.PrintedRow> run(Path work, Set<String> wanted) throws Exception {
        if (!ProcessRunner.hasGit()) {
            System.err.println("large-history rows not run: git");
            return List.of();
        }
        Path bare = Files.createDirectories(work.resolve("bare"));
        LargeHistory.create(bare.resolve("config.git"));
        try (CGitServer server = new CGitServer(bare, CGitServer.HTTP)) {
            String url = server.url("config.git");
            for (int i = 0; i < ROUNDS && wanted.contains(FIRST); i++) {
                first.add(call(work, "cache-" + i, url, "first-" + i, HEAP).elapsed());
                completeClone.add(PeerScripts.cloneAndEdit(work.resolve("clone"), url, app(i), "complete-" + i));
            }
            call(work, "cache", url, "warm-up", HEAP);
            for (int i = 0; i < ROUNDS; i++) {
                Times times = call(work, "cache", url, "later-" + i, RECOMMENDED);
                later.add(times.elapsed());
                laterCpu.add(times.cpu());
                laterDefaultCpu.add(
                        call(work, "cache", url, "default-" + i, HEAP).cpu());
                shallowClone.add(
                        PeerScripts.cloneAndEdit(work.resolve("clone"), url, app(i), "shallow-" + i, "--depth", "1"));
            }
        }
        return lines();
    }

    private List<Bench.PrintedRow> lines() {
        List<Bench.PrintedRow> lines = new ArrayList<>();
        if (!first.isEmpty()) {
            lines.add(new BenchmarkRow(FIRST, "ms", BenchmarkRow.Ratio.PEER_BY_OURS, 1).line(first, completeClone));
        }
        lines.add(new BenchmarkRow(LATER, "ms", BenchmarkRow.Ratio.OURS_BY_PEER, 1).line(later, shallowClone));
        lines.add(new BenchmarkRow(LATER_CPU, "ms", BenchmarkRow.Ratio.OURS_BY_PEER, 1)
                .line(laterCpu, List.of(CPU_MILLIS)));
        lines.add(new BenchmarkRow(LATER_DEFAULT_CPU, "ms", BenchmarkRow.Ratio.OURS_BY_PEER, 1)
                .line(laterDefaultCpu, List.of(CPU_MILLIS)));
        return lines;
    }

    private static String app(int round) {
        return GeneratedRepository.name(round % LargeHistory.APPLICATIONS);
    }

    /**
     * Sets an image with the command line.
     *
     * @param cache the name of the folder of the clone
     */
    private static Times call(Path work, String cache, String url, String tag, List<String> options)
            throws IOException, InterruptedException, URISyntaxException {
        Path cpu = work.resolve("times");
        List<String> arguments = new ArrayList<>(List.of(cpu.toString()));
        arguments.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        arguments.addAll(options);
        arguments.addAll(List.of("-jar", jar().toString(), "set-image", "--repository", url, "--branch", "main"));
        arguments.addAll(List.of("--cache", work.resolve(cache).toString(), "--app", app(1), "--env", "dev"));
        arguments.addAll(List.of("--tag", tag));
        long start = System.nanoTime();
        ProcessRunner.shell(work, TIMED, arguments.toArray(String[]::new));
        return new Times(PeerScripts.millis(start), cpuMillis(Files.readString(cpu)));
    }

    /** The jar of the command line, which is built together with this one. */
    private static Path jar() throws IOException, URISyntaxException {
        Path jar = Path.of(LargeHistoryBench.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .resolveSibling("gitops-agent.jar");
        if (!Files.isRegularFile(jar)) {
            throw new IOException(jar + " is missing; build it with ./mvnw -f agent/pom.xml package");
        }
        return jar;
    }

    /** The CPU time of the children, from the output of the shell's {@code times}. */
    static double cpuMillis(String times) throws IOException {
        List<Double> seconds = new ArrayList<>();
        Matcher found = MINUTES_AND_SECONDS.matcher(times);
        while (found.find()) {
            seconds.add(60 * Double.parseDouble(found.group(1)) + Double.parseDouble(found.group(2)));
        }
        if (seconds.size() != 2 * CHILDREN) {
            throw new IOException("The output of times is not understood: " + times);
        }
        return 1e3 * (seconds.get(CHILDREN) + seconds.get(CHILDREN + 1));
    }
}
