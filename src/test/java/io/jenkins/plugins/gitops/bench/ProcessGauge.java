package io.jenkins.plugins.gitops.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.management.ObjectName;

/** The current resource use of this process: threads, live heap, CPU time. */
final class ProcessGauge {
    private static final int SAMPLES = 5;
    /** Longer than the keep-alive time of any pool's idle threads. */
    private static final long QUIET_SECONDS = Long.getLong("gitops.bench.quiet", 75);

    /**
     * What was measured while the process was idle.
     *
     * @param threads the number of threads in each measurement
     * @param heap the strongly reachable bytes in each measurement
     * @param classes bytes by class
     * @param names number of threads by the beginning of their name
     */
    record Measurement(List<Double> threads, List<Double> heap, Map<String, Long> classes, Map<String, Long> names) {}

    private ProcessGauge() {}

    /** Waits until idle threads have ended, then measures. */
    static Measurement read() throws Exception {
        TimeUnit.SECONDS.sleep(QUIET_SECONDS);
        List<Double> threads = new ArrayList<>();
        List<Double> heap = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            TimeUnit.SECONDS.sleep(1);
            threads.add((double) ManagementFactory.getThreadMXBean().getThreadCount());
            System.gc();
            heap.add((double)
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return new Measurement(threads, heap, histogram(), names());
    }

    private static Map<String, Long> names() {
        return Thread.getAllStackTraces().keySet().stream()
                .collect(Collectors.groupingBy(
                        t -> t.getName().replaceAll("[0-9]+", "#").replaceAll("(#.*)?$", ""),
                        TreeMap::new,
                        Collectors.counting()));
    }

    /** Counts only live objects, by collecting garbage first. */
    private static Map<String, Long> histogram() throws Exception {
        String text = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        Map<String, Long> bytes = new HashMap<>();
        for (String line : text.lines().toList()) {
            String[] columns = line.trim().split("\\s+");
            if (columns.length >= 4 && columns[0].endsWith(":")) {
                bytes.merge(columns[3], Long.parseLong(columns[2]), Long::sum);
            }
        }
        return bytes;
    }

    /** Returns the bytes by class for each of so many steps, largest first. */
    static String perStep(Map<String, Long> before, Map<String, Long> during, int steps) {
        Map<String, Double> each = new HashMap<>();
        during.forEach((name, bytes) -> each.put(name, (double) (bytes - before.getOrDefault(name, 0L)) / steps));
        return each.entrySet().stream()
                .filter(e -> Math.abs(e.getValue()) >= 8)
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(60)
                .map(e -> String.format("%10.0f  %s", e.getValue(), e.getKey()))
                .collect(Collectors.joining("\n"));
    }

    /** Returns the CPU time that this process has used, in nanoseconds. */
    static long processorTime() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
