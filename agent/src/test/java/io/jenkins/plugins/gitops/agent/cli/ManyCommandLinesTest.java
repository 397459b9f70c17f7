package io.jenkins.plugins.gitops.agent.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.gitops.agent.demo.ExampleRepository;
import io.jenkins.plugins.gitops.agent.demo.GitHttpServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Concurrent command lines of one user, as a matrix build on one machine starts them: real processes. */
public class ManyCommandLinesTest {
    private static final int PROCESSES = 8;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void allWriteThroughOneSharedCache() throws Exception {
        Path bare = folder.getRoot().toPath().resolve("platform.git");
        ExampleRepository.create(bare);
        int before = commits(bare);
        runAll(bare, "cold");
        assertThat(commits(bare), is(before + PROCESSES));
        runAll(bare, "warm");
        assertThat(commits(bare), is(before + 2 * PROCESSES));
        assertThat("JGit records nothing in the user's folder", Files.exists(configuration()), is(false));
    }

    /** As the builds of four services do, on a machine each and then on one. */
    @Test
    public void allWriteThroughACacheEachAndThroughOne() throws Exception {
        List<String> apps = List.of("a", "b", "c", "d");
        Path root = folder.getRoot().toPath();
        LocalRepository services = LocalRepository.copyOf(root, "four-services", Map.of());
        try (GitHttpServer server = GitHttpServer.start(root, null, null, 0)) {
            String url = server.url("config.git");
            for (String tag : List.of("v2", "v3")) {
                List<Process> processes = new ArrayList<>();
                for (String app : apps) {
                    processes.add(start(url, app, tag, tag.equals("v2") ? "home-" + app : "home"));
                }
                for (Process process : processes) {
                    assertThat(output(process), containsString("changed "));
                    assertThat(process.waitFor(), is(0));
                }
            }
        }
        assertThat(services.commits(), is(1 + 2 * apps.size()));
        for (String app : apps) {
            assertThat(
                    services.text("services/" + app + "/overlays/dev/kustomization.yaml"),
                    is("kind: Kustomization\nimages:\n- name: ghcr.io/acme/" + app + "\n  newTag: v3\n"));
        }
    }

    @Test
    public void configurationFolderThatCannotBeWrittenIsNotNeeded() throws Exception {
        Path bare = folder.getRoot().toPath().resolve("platform.git");
        ExampleRepository.create(bare);
        Files.createFile(configuration());
        Process process = start(bare.toString(), "payments-api", "v2", "home");
        assertThat(output(process), startsWith("changed payments-api/dev "));
        assertThat(process.waitFor(), is(0));
    }

    private Path configuration() {
        return folder.getRoot().toPath().resolve("config");
    }

    /** Returns the program's own output, without what the JVM prints about its options. */
    private static String output(Process process) throws Exception {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output, not(containsString("Exception")));
        assertThat(output, not(containsString("\tat ")));
        return output.replaceFirst("^Picked up .*\\R", "");
    }

    private void runAll(Path bare, String round) throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            processes.add(start(bare.toString(), "payments-api", round + i, "home"));
        }
        for (Process process : processes) {
            String told = output(process);
            assertThat(told, process.waitFor(), is(0));
            assertThat(told, not(containsString("corrupt")));
            assertThat(told, not(containsString("damaged")));
        }
    }

    /** @param cache folder of the user's caches, below the test's own */
    private Process start(String url, String app, String tag, String cache) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Main.class.getName(),
                        "set-image",
                        "--repository",
                        url,
                        "--app",
                        app,
                        "--env",
                        "dev",
                        "--tag",
                        tag)
                .redirectErrorStream(true);
        builder.environment()
                .put("XDG_CACHE_HOME", folder.getRoot().toPath().resolve(cache).toString());
        builder.environment().put("XDG_CONFIG_HOME", configuration().toString());
        return builder.start();
    }

    private static int commits(Path bare) throws Exception {
        int count = 0;
        try (Repository repository =
                        new FileRepositoryBuilder().setGitDir(bare.toFile()).build();
                RevWalk walk = new RevWalk(repository)) {
            walk.markStart(walk.parseCommit(repository.resolve("refs/heads/main")));
            while (walk.next() != null) {
                count++;
            }
        }
        return count;
    }
}
