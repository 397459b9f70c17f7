package io.jenkins.plugins.gitops.agent.kube;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The resources that a process has used so far, as counted by Linux.
 *
 * @param cpuSeconds CPU time of all its threads, in user and system mode
 * @param peakMebibytes its peak physical memory
 */
record ProcessUsage(double cpuSeconds, double peakMebibytes) {
    private static final double TICKS_PER_SECOND = 100;
    private static final int USER_TIME = 11;

    static ProcessUsage of(long pid) throws IOException {
        Path folder = Path.of("/proc", Long.toString(pid));
        String stat = Files.readString(folder.resolve("stat"));
        // The program name, in parentheses, may contain blanks.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        double ticks = Double.parseDouble(fields[USER_TIME]) + Double.parseDouble(fields[USER_TIME + 1]);
        double kibibytes = Files.readAllLines(folder.resolve("status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow(() -> new IOException("process " + pid + " has ended"));
        return new ProcessUsage(ticks / TICKS_PER_SECOND, kibibytes / 1024);
    }
}
