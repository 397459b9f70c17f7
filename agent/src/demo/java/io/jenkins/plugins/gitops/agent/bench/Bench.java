package io.jenkins.plugins.gitops.agent.bench;

import io.jenkins.plugins.gitops.agent.demo.TempDirectory;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Runs all benchmark rows, or those whose name begins with a prefix. */
public final class Bench {
    private static final List<Integer> SIZES = List.of(50, 500, 5_000);

    private Bench() {}

    /** Rows that are measured together. */
    interface Rows {
        /** Returns the names of all its rows. */
        List<String> names();

        /**
         * Measures the rows.
         *
         * @param work an empty folder
         * @param wanted the names of the requested rows; others may be skipped
         * @return at least the requested rows
         */
        List<PrintedRow> run(Path work, Set<String> wanted) throws Exception;
    }

    /** A row as it is printed. */
    public record PrintedRow(String name, String text) {}

    private static List<Rows> all() {
        List<Rows> all = new ArrayList<>();
        for (int size : SIZES) {
            all.add(new SetImageBench(size, CGitServer.FILE));
            all.add(new SetImageBench(size, CGitServer.HTTP));
        }
        all.add(new ConcurrentBench(50, 300));
        all.add(new ConcurrentBench(5_000, 100));
        all.add(new LargeHistoryBench());
        return all;
    }

    /**
     * Measures the rows and prints one line for each.
     *
     * @param prefix the beginning of the names of the rows to run; empty for all
     * @return the number of rows that ran
     */
    public static int run(String prefix, PrintStream out) throws Exception {
        int ran = 0;
        for (Rows rows : all()) {
            Set<String> wanted = new LinkedHashSet<>(rows.names());
            wanted.removeIf(name -> !name.startsWith(prefix));
            if (wanted.isEmpty()) {
                continue;
            }
            try (TempDirectory work = TempDirectory.create()) {
                for (PrintedRow printedRow : rows.run(work.path(), wanted)) {
                    if (wanted.contains(printedRow.name())) {
                        out.println(printedRow.text());
                        ran++;
                    }
                }
            }
        }
        return ran;
    }
}
