package io.jenkins.plugins.gitops.agent.bench;

import io.jenkins.plugins.gitops.agent.demo.TempDirectory;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** All rows, or those whose name begins with a prefix. */
public final class Bench {
    private static final List<Integer> SIZES = List.of(50, 500, 5_000);

    private Bench() {}

    /** Some rows that are measured together. */
    interface Rows {
        /** The names of all its rows. */
        List<String> names();

        /**
         * @param work an empty folder
         * @param wanted the names of those that are asked for; others may be left out
         * @return at least those that are wanted, one line each
         */
        List<PrintedRow> run(Path work, Set<String> wanted) throws Exception;
    }

    /** A line as it is printed. */
    public record PrintedRow(String name, String text) {}

    private static List<Rows> all() {
        List<Rows> all = new ArrayList<>();
        for (int size : SIZES) {
            all.add(new SetImageBench(size, CGitServer.FILE));
            all.add(new SetImageBench(size, CGitServer.HTTP));
        }
        all.add(new ConcurrentBench(50, 300));
        all.add(new ConcurrentBench(5_000, 100));
        return all;
    }

    /**
     * Measures and prints one line a row.
     *
     * @return how many rows ran
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
