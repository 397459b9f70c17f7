package io.jenkins.plugins.gitops.agent.bench;

import io.jenkins.plugins.gitops.agent.demo.ExampleRepository;
import io.jenkins.plugins.gitops.agent.demo.GitHttpServer;
import io.jenkins.plugins.gitops.core.change.ImageRequest;
import io.jenkins.plugins.gitops.core.change.Origin;
import io.jenkins.plugins.gitops.core.change.SetImage;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.GitAccess;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One warm change over smart HTTP: ours from call to result, against {@code git push} of a commit that is already made
 * (the floor) to the same server, one after the other.
 */
final class SetImageBench {
    private static final int WARM_UP = 5;
    private static final int ROUNDS = 9;
    private static final double GOAL = 1.2;

    private final int applications;

    SetImageBench(int applications) {
        this.applications = applications;
    }

    String name() {
        return "set-image-" + applications;
    }

    void run(Path work, PrintStream out) throws Exception {
        Path files = Files.createDirectories(work.resolve("files"));
        GeneratedRepository.write(files, applications);
        Path bare = Files.createDirectories(work.resolve("bare"));
        ExampleRepository.create(bare.resolve("config.git"), files);
        List<Double> ours = new ArrayList<>();
        List<Double> floor = new ArrayList<>();
        boolean git = Programs.isThere("git", "--version");
        try (GitHttpServer server = GitHttpServer.start(bare, null, null, 0);
                ConfigRepository repository = ConfigRepository.open(
                        work.resolve("cache"),
                        server.url("config.git"),
                        "main",
                        "",
                        GitAccess.ANONYMOUS,
                        Runnable::run)) {
            repository.fetch();
            Path clone = work.resolve("clone");
            if (git) {
                Programs.git(work, "clone", "-q", server.url("config.git"), clone.toString());
            }
            for (int i = 0; i < WARM_UP + ROUNDS; i++) {
                double own = change(repository, i);
                double push = git ? push(clone, i) : 0;
                if (i >= WARM_UP) {
                    ours.add(own);
                    floor.add(push);
                }
            }
        }
        out.println(new Row(name(), GOAL, false).line(ours, git ? floor : null));
    }

    private double change(ConfigRepository repository, int round) throws Exception {
        String operation = "ours-" + round;
        String app = GeneratedRepository.name(round * 7 % applications);
        Change change = new Change(
                operation,
                new Author("bench", "bench@example.com"),
                new SetImage(
                        app,
                        "dev",
                        new ImageRequest(null, "v" + round, null),
                        new Origin(operation, null, "bench", null)));
        long start = System.nanoTime();
        if (!repository.submit(change).get().changed()) {
            throw new IllegalStateException("nothing was changed");
        }
        return millis(start);
    }

    private static double push(Path clone, int round) throws Exception {
        Programs.git(clone, "pull", "-q", "--rebase");
        Path file = clone.resolve("services/app-0001/overlays/staging/kustomization.yaml");
        Files.writeString(file, Files.readString(file) + "# " + round + "\n");
        Programs.git(clone, "commit", "-q", "-a", "-m", "floor " + round);
        long start = System.nanoTime();
        Programs.git(clone, "push", "-q");
        return millis(start);
    }

    private static double millis(long start) {
        return (System.nanoTime() - start) / 1e6;
    }
}
