package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpecBuilder;
import io.jenkins.plugins.gitops.agent.cluster.DesiredState;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** An application is rendered again only if something that was read for it changed. */
public class CachedRenderingTest {
    private static final ApplicationSpec SPEC = new ApplicationSpecBuilder("apps/web", "web").build();

    private final Map<String, String> files = new HashMap<>(Map.of(
            "apps/web/a", "one",
            "base/b", "two",
            "other/c", "three"));
    private final AdvancingClock clock = new AdvancingClock();
    private Duration duration = Duration.ofSeconds(1);
    private int renders;

    private final Renderer renderer = (tree, path) -> {
        renders++;
        clock.advance(duration);
        String text = new String(tree.read(path + "/a").orElseThrow(), StandardCharsets.UTF_8)
                + new String(tree.read("base/b").orElseThrow(), StandardCharsets.UTF_8)
                + tree.list("base").size();
        if (text.contains("broken")) {
            throw new UserErrorException("broken", "mend it");
        }
        if (text.contains("faulty")) {
            throw new IllegalStateException("a fault of the renderer");
        }
        return List.of(Map.of(
                "apiVersion",
                "v1",
                "kind",
                "ConfigMap",
                "metadata",
                Map.of("name", "c"),
                "data",
                Map.of("text", text)));
    };

    private CachedRendering rendering = new CachedRendering(renderer, RenderThreads.ofCaller(), clock);

    @Test
    public void unrelatedChangeIsNotRendered() throws Exception {
        DesiredState before = at("1");
        files.put("other/c", "changed");

        assertThat(at("2"), is(sameInstance(before)));
        assertThat(renders, is(1));
    }

    @Test
    public void changeOfABaseIsRendered() throws Exception {
        String before = at("1").hash();
        files.put("base/b", "changed");

        assertThat(at("2").hash(), is(not(before)));
    }

    @Test
    public void newFileInAListedFolderIsRendered() throws Exception {
        String before = at("1").hash();
        files.put("base/new", "");

        assertThat(at("2").hash(), is(not(before)));
    }

    @Test
    public void sameRevisionIsNotRenderedAgain() throws Exception {
        at("1");
        at("1");

        assertThat(renders, is(1));
    }

    @Test
    public void failedRenderingIsRetried() throws Exception {
        at("1");
        files.put("base/b", "broken");
        assertThrows(UserErrorException.class, () -> at("2"));
        files.put("base/b", "two");

        at("3");
        assertThat(renders, is(3));
    }

    @Test
    public void userErrorIsCachedForTheRevision() throws Exception {
        files.put("base/b", "broken");
        assertThrows(UserErrorException.class, () -> at("1"));
        assertThrows(UserErrorException.class, () -> at("1"));
        assertThat(renders, is(1));
        assertThrows(UserErrorException.class, () -> at("2"));
        assertThat(renders, is(2));
    }

    @Test
    public void userErrorIsRetriedAfterFiveMinutes() throws Exception {
        files.put("base/b", "broken");
        assertThrows(UserErrorException.class, () -> at("1"));
        clock.advance(Duration.ofSeconds(299));
        assertThrows(UserErrorException.class, () -> at("1"));
        assertThat(renders, is(1));
        clock.advance(Duration.ofSeconds(1));
        assertThrows(UserErrorException.class, () -> at("1"));
        assertThat(renders, is(2));
    }

    @Test
    public void slowRenderingReportsItsNextAttempt() throws Exception {
        duration = Duration.ofSeconds(90);
        at("1"); // Ends at 10:01:30.
        duration = Duration.ofSeconds(1);
        files.put("base/b", "changed");

        UserErrorException refused = assertThrows(UserErrorException.class, () -> at("2"));

        assertThat(
                refused.getMessage(),
                is("apps/web took 90 seconds to render, so it is rendered again at 2026-03-01T10:15:00Z. Make it"
                        + " simpler, or wait."));
        clock.advance(Duration.ofSeconds(809));
        assertThrows(UserErrorException.class, () -> at("3"));
        clock.advance(Duration.ofSeconds(1));
        at("3");
        assertThat(renders, is(2));
    }

    @Test
    public void slowUserErrorKeepsItsMessageForTheRevision() {
        duration = Duration.ofSeconds(90);
        files.put("base/b", "broken");
        assertThrows(UserErrorException.class, () -> at("1"));
        clock.advance(Duration.ofMinutes(6));

        assertThat(assertThrows(UserErrorException.class, () -> at("1")).getMessage(), is("broken. mend it."));
        assertThat(
                assertThrows(UserErrorException.class, () -> at("2")).getMessage(),
                containsString("is rendered again at 2026-03-01T10:15:00Z"));
        assertThat(renders, is(1));
    }

    @Test
    public void slowInternalErrorIsDelayedToo() {
        duration = Duration.ofSeconds(90);
        files.put("base/b", "faulty");
        assertThrows(IllegalStateException.class, () -> at("1"));

        assertThrows(UserErrorException.class, () -> at("1"));
        assertThat(renders, is(1));
    }

    @Test
    public void getDoesNotBlockOnRendering() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        RenderThreads threads = new RenderThreads(new StuckWorkDetector(), application -> done.countDown());
        threads.start(Thread::new);
        rendering = new CachedRendering(
                (tree, path) -> {
                    try {
                        blocked.await(60, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    return renderer.render(tree, path);
                },
                threads,
                clock);

        assertThat(rendering.get(tip("1"), "web", SPEC), is(Optional.empty()));
        assertThat(rendering.get(tip("2"), "web", SPEC), is(Optional.empty()));
        blocked.countDown();
        assertThat(done.await(60, TimeUnit.SECONDS), is(true));

        assertThat(rendering.get(tip("2"), "web", SPEC).isPresent(), is(true));
        assertThat("the files are those of revision 1", renders, is(1));
        threads.close();
    }

    private DesiredState at(String revision) throws Exception {
        return rendering.get(tip(revision), "web", SPEC).orElseThrow();
    }

    private RevisionTree tip(String revision) {
        return new RevisionTree(revision, InMemoryFileTree.of(files));
    }
}
