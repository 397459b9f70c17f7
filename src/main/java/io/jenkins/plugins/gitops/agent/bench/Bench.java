package io.jenkins.plugins.gitops.agent.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
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
                Path work = Files.createTempDirectory("gitops-bench");
                try {
                    row.run(work, out);
                } finally {
                    delete(work);
                }
                ran++;
            }
        }
        return ran;
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException e) throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
