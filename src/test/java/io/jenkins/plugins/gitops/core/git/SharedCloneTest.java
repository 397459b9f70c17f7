package io.jenkins.plugins.gitops.core.git;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.PASSWORD;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.QUICK;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.access;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/**
 * A clone is open in one process at a time, whatever that process does. Uses two real processes, since the locks are
 * between processes.
 */
public class SharedCloneTest {
    @Rule
    public final ServedRepository served = new ServedRepository();

    @Test
    public void isLockedForAnotherProcess() throws Exception {
        assertIsLocked(Step.NONE);
    }

    @Test
    public void staysLockedWhenItsOwnerReopensIt() throws Exception {
        assertIsLocked(Step.OPEN_AGAIN);
    }

    @Test
    public void staysLockedWhenItsOwnerOpensItByAnotherPath() throws Exception {
        Files.createDirectories(served.cache());
        Files.createSymbolicLink(served.folder().resolve("link"), served.cache());
        assertIsLocked(Step.OPEN_BY_LINK);
    }

    @Test
    public void staysLockedWhenItsOwnerCleansUp() throws Exception {
        assertIsLocked(Step.DELETE_UNUSED);
    }

    private void assertIsLocked(Step step) throws Exception {
        Process holder = CloneOwner.start(served.cache(), served.url(), step);
        try {
            BufferedReader told =
                    new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
            assertThat(told.readLine(), is("open"));
            CloneInUseException e = assertThrows(CloneInUseException.class, this::open);
            assertThat(e.getMessage(), startsWith("The cache folder " + served.cache()));
        } finally {
            holder.getOutputStream().close();
            assertThat(holder.waitFor(), is(0));
        }
        open().close();
    }

    private ConfigRepository open() throws Exception {
        return open(served.cache(), served.url());
    }

    private static ConfigRepository open(Path cache, String url) throws Exception {
        return ConfigRepository.open(cache, url, "main", "test", access(PASSWORD), Runnable::run, QUICK);
    }

    private enum Step {
        NONE,
        OPEN_AGAIN,
        OPEN_BY_LINK,
        DELETE_UNUSED
    }

    /** The other process: opens the clone and keeps it open until its input ends. */
    public static final class CloneOwner {
        private CloneOwner() {}

        static Process start(Path cache, String url, Step step) throws Exception {
            return ChildWriter.java(CloneOwner.class, List.of(cache.toString(), url, step.name()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        }

        public static void main(String[] arguments) throws Exception {
            Path cache = Path.of(arguments[0]);
            try (ConfigRepository ignored = open(cache, arguments[1])) {
                switch (Step.valueOf(arguments[2])) {
                    case OPEN_AGAIN -> assertThrows(CloneInUseException.class, () -> open(cache, arguments[1]));
                    case OPEN_BY_LINK ->
                        assertThrows(CloneInUseException.class, () -> open(cache.resolveSibling("link"), arguments[1]));
                    case DELETE_UNUSED ->
                        ConfigRepository.deleteUnused(cache, Instant.now().plusSeconds(60));
                    default -> {}
                }
                System.out.println("open");
                while (System.in.read() >= 0) {
                    // Until the test closes the input.
                }
            }
        }
    }
}
