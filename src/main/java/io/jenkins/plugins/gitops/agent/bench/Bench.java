package io.jenkins.plugins.gitops.agent.bench;

import io.jenkins.plugins.gitops.agent.demo.WorkFolder;
import java.io.PrintStream;
import java.util.List;

/** All rows, or those whose name begins with a prefix. */
public final class Bench {
    private static final List<SetImageBench> ROWS = List.of(new SetImageBench(50), new SetImageBench(500));

    private Bench() {}

    /**
     * Measures and prints one line a row.
     *
     * @return how many rows ran
     */
    public static int run(String prefix, PrintStream out) throws Exception {
        int ran = 0;
        for (SetImageBench row : ROWS) {
            if (row.name().startsWith(prefix)) {
                try (WorkFolder work = WorkFolder.create()) {
                    row.run(work.path(), out);
                }
                ran++;
            }
        }
        return ran;
    }
}
