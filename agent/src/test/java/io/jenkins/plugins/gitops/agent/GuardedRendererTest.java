package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.agent.reconcile.Renderer;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.source.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** An application whose rendering ended the process is quarantined; other applications are not affected. */
public class GuardedRendererTest {
    private static final String REVISION = "1".repeat(40);
    private static final String NEXT = "2".repeat(40);

    /** Simulates the end of the process: no code runs after it. */
    private static final class Exit extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Path cache;
    private Path folder;
    private FileTree tree;
    private int renders;

    @Before
    public void create() throws IOException {
        cache = temporary.getRoot().toPath().resolve("cache");
        RenderJournal.open(cache, "agent");
        try (Stream<Path> folders = Files.list(cache)) {
            folder = folders.findFirst().orElseThrow();
        }
        tree = new DirectoryTree(temporary.getRoot().toPath());
    }

    @Test
    public void revisionThatCrashedTheProcessTwiceIsQuarantined() throws Exception {
        endDuring("web", REVISION);
        process().render("web", REVISION, tree, "apps/web");
        endDuring("web", REVISION);
        endDuring("web", REVISION);

        Renderer renderer = process();
        UserErrorException refused =
                assertThrows(UserErrorException.class, () -> renderer.render("web", REVISION, tree, "apps/web"));
        assertThat(
                refused.getMessage(),
                is("apps/web is not rendered at " + REVISION
                        + ": the agent's process ended 2 times while rendering it. Make it"
                        + " smaller, or raise the agent's memory limit; a new commit is rendered as usual."));
        assertThat(renders, is(1));
    }

    @Test
    public void otherApplicationsAndRevisionsAreStillRendered() throws Exception {
        endDuring("web", REVISION);
        endDuring("web", REVISION);

        Renderer renderer = process();
        renderer.render("shop", REVISION, tree, "apps/shop");
        renderer.render("web", NEXT, tree, "apps/web");
        assertThat(renders, is(2));
        assertThrows(UserErrorException.class, () -> renderer.render("web", REVISION, tree, "apps/web"));
    }

    @Test
    public void completedRenderingLeavesNoRecord() throws Exception {
        process().render("web", REVISION, tree, "apps/web");
        Renderer broken = guarded((files, path) -> {
            throw new UserErrorException("broken", "Correct it");
        });
        assertThrows(UserErrorException.class, () -> broken.render("web", REVISION, tree, "apps/web"));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.count(), is(0L));
        }
    }

    @Test
    public void unreadableAndOldRecordsAreIgnored() throws Exception {
        endDuring("web", REVISION);
        endDuring("web", REVISION);
        try (Stream<Path> files = Files.list(folder)) {
            Path file = files.findFirst().orElseThrow();
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(31))));
        }
        Files.writeString(folder.resolve("other"), "");

        process().render("web", REVISION, tree, "apps/web");
        assertThat(renders, is(1));
    }

    @Test
    public void rendersEvenIfRecordsCannotBeWritten() throws Exception {
        Files.delete(folder);
        Files.writeString(folder, "a file");
        process().render("web", REVISION, tree, "apps/web");
        assertThat(renders, is(1));
    }

    @Test
    public void errorOfOneApplicationIsAUserError() {
        assertThat(refusedWith(new OutOfMemoryError()), containsString("apps/web needs more memory to render than"));
        assertThat(refusedWith(new StackOverflowError()), containsString("apps/web is nested too deeply"));
    }

    @Test
    public void revisionThatCrashedTheProcessOnceIsSuspect() throws Exception {
        endDuring("web", REVISION);

        Renderer renderer = process();
        assertThat(renderer.isSuspect("web", REVISION), is(true));
        assertThat(renderer.isSuspect("web", NEXT), is(false));
        assertThat(renderer.isSuspect("shop", REVISION), is(false));
        renderer.render("web", REVISION, tree, "apps/web");
        assertThat(renderer.isSuspect("web", REVISION), is(false));
    }

    private String refusedWith(Error error) {
        Renderer renderer = guarded((files, path) -> {
            throw error;
        });
        return assertThrows(UserErrorException.class, () -> renderer.render("web", REVISION, tree, "apps/web"))
                .getMessage();
    }

    /** Simulates a process that ends while it renders: its files stay as they were at that moment. */
    private void endDuring(String application, String revision) throws Exception {
        byte[][] written = new byte[1][];
        Path[] file = new Path[1];
        Renderer renderer = guarded((files, path) -> {
            try (Stream<Path> records = Files.list(folder)) {
                file[0] = records.findFirst().orElseThrow();
                written[0] = Files.readAllBytes(file[0]);
            }
            throw new Exit();
        });
        assertThrows(Exit.class, () -> renderer.render(application, revision, tree, "apps/" + application));
        Files.write(file[0], written[0]);
    }

    private Renderer process() {
        return guarded((files, path) -> {
            renders++;
            return List.of();
        });
    }

    private Renderer guarded(Renderer renderer) {
        return new GuardedRenderer(renderer, RenderJournal.open(cache, "agent"));
    }
}
