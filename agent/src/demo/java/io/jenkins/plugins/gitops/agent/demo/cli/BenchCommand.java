package io.jenkins.plugins.gitops.agent.demo.cli;

import io.jenkins.plugins.gitops.agent.bench.Bench;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The command {@code bench [PREFIX]}. */
@Command(
        name = "bench",
        description = "Measures and prints one line for each row: ours, the peer's, their ratio, the goal.")
final class BenchCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            defaultValue = "",
            paramLabel = "PREFIX",
            description = "Run only the rows whose name begins with this.")
    private String prefix;

    @Override
    public Integer call() throws Exception {
        if (Bench.run(prefix, System.out) == 0) {
            System.err.println("No row is called " + prefix + "...");
            return 2;
        }
        return 0;
    }
}
