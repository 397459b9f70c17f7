package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.gitops.agent.application.ApplicationManifest;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpecBuilder;
import io.jenkins.plugins.gitops.agent.cluster.ObjectId;
import io.jenkins.plugins.gitops.agent.cluster.ResourceKind;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** A confirmed revision covers objects that neither it nor a later revision contains. */
public class PruneConfirmationTest {
    private static final ApplicationSpec SPEC = new ApplicationSpecBuilder("web", "shop").build();
    private static final ApplicationManifest WEB = new ApplicationManifest("web", "apps/web.yaml", "web", SPEC, null);

    /** The names of the ConfigMaps in each revision, oldest first. "!" cannot be rendered, "-" has no application. */
    private final List<String> branch = new ArrayList<>();

    private final AdvancingClock clock = new AdvancingClock();
    private RenderThreads threads = RenderThreads.ofCaller();
    private int renders;

    @Test
    public void removedAtTheConfirmedRevision() throws Exception {
        assertRefusal(null, "r1", "a b", "a", "a");
    }

    @Test
    public void removedBeforeTheConfirmedRevision() throws Exception {
        assertRefusal(null, "r2", "a b", "a", "a", "a");
    }

    @Test
    public void stillThereAtTheConfirmedRevision() throws Exception {
        assertRefusal("but r0 still has ConfigMap b", "r0", "a b", "a", "a");
    }

    @Test
    public void addedAndRemovedAfterTheConfirmedRevision() throws Exception {
        assertRefusal("but r2 still has ConfigMap b", "r1", "a", "a", "a b", "a");
    }

    @Test
    public void revisionOutsideTheBranchConfirmsNothing() throws Exception {
        assertRefusal("which is not among the newest 1000 commits of the branch", "other", "a b", "a");
    }

    @Test
    public void unreadableRevisionConfirmsNothing() throws Exception {
        assertRefusal("but the application cannot be rendered at r1", "r1", "a b", "!", "a");
        assertRefusal("but the application cannot be rendered at r1", "r1", "a b", "-", "a");
        assertRefusal("but the application cannot be rendered at r2", "r1", "a b", "a", "!", "a");
    }

    @Test
    public void resultIsCached() throws Exception {
        branch.addAll(List.of("a b", "a"));
        PruneConfirmation confirmation = confirmation();
        confirmation.refusal("r1", "r1", WEB, List.of(map("b")));
        confirmation.refusal("r1", "r1", WEB, List.of(map("b")));
        assertThat(renders, is(1));
        confirmation.refusal("r1", "r1", WEB, List.of(map("c")));
        assertThat(renders, is(2));
    }

    @Test
    public void checkDoesNotBlockOnRendering() throws Exception {
        branch.addAll(List.of("a b", "a"));
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        threads = new RenderThreads(new StuckWorkDetector(), application -> done.countDown());
        threads.start(Thread::new);
        threads.submit(RenderThreads.Lane.NEW, "other", () -> blocked.await(60, TimeUnit.SECONDS));
        threads.submit(RenderThreads.Lane.NEW, "other", () -> blocked.await(60, TimeUnit.SECONDS));
        threads.submit(RenderThreads.Lane.NEW, "other", () -> blocked.await(60, TimeUnit.SECONDS));
        PruneConfirmation confirmation = confirmation();

        assertThat(confirmation.refusal("r1", "r1", WEB, List.of(map("b"))), is("which is being rendered"));

        blocked.countDown();
        while (confirmation.refusal("r1", "r1", WEB, List.of(map("b"))) != null) {
            assertThat(done.await(60, TimeUnit.SECONDS), is(true));
        }
        threads.close();
    }

    @Test
    public void slowRenderingConfirmsNothing() throws Exception {
        clock.step(Duration.ofSeconds(40));

        assertRefusal(
                "but it and the commits after it take longer than 3 minutes to render",
                "r1",
                "a b",
                "a",
                "a",
                "a",
                "a");
    }

    private void assertRefusal(String expected, String confirmed, String... revisions) throws Exception {
        branch.clear();
        branch.addAll(List.of(revisions));
        String tip = "r" + (revisions.length - 1);
        assertThat(
                confirmation().refusal(confirmed, tip, WEB, List.of(map("b"))),
                expected == null ? is(nullValue()) : is(expected));
    }

    private PruneConfirmation confirmation() {
        return new PruneConfirmation(
                new FakeRevisions(),
                this::render,
                (files, file) -> text(files).equals("-") ? List.of() : List.of(WEB),
                threads,
                clock);
    }

    private List<Map<String, Object>> render(FileTree tree, String path) throws UserErrorException {
        renders++;
        String names = text(tree);
        if (names.equals("!")) {
            throw new UserErrorException("broken", "fix it");
        }
        return List.of(names.split(" ")).stream()
                .map(name -> Map.<String, Object>of(
                        "apiVersion", "v1", "kind", "ConfigMap", "metadata", Map.of("name", name)))
                .toList();
    }

    private static String text(FileTree files) {
        try {
            return new String(files.read("names").orElseThrow(), StandardCharsets.UTF_8);
        } catch (java.io.IOException | UserErrorException e) {
            throw new AssertionError(e);
        }
    }

    private static ObjectId map(String name) {
        return new ObjectId(ResourceKind.builtIn("v1", "ConfigMap").orElseThrow(), "shop", name);
    }

    /** A repository whose revisions are r0, r1, ... */
    private final class FakeRevisions extends StubGitSource {
        @Override
        public String fetch() {
            return "r" + (branch.size() - 1);
        }

        @Override
        public FileTree files(String revision) {
            byte[] names = branch.get(Integer.parseInt(revision.substring(1))).getBytes(StandardCharsets.UTF_8);
            return new FileTree() {
                @Override
                public Optional<byte[]> read(String path) {
                    return Optional.of(names);
                }

                @Override
                public List<Entry> list(String folder) {
                    return List.of();
                }
            };
        }

        @Override
        public Optional<List<String>> revisionsSince(String since, String tip, int most) {
            List<String> revisions = new ArrayList<>();
            for (int i = 0; i < branch.size(); i++) {
                if (!revisions.isEmpty() || since.equals("r" + i)) {
                    revisions.add("r" + i);
                }
            }
            return revisions.isEmpty() ? Optional.empty() : Optional.of(revisions);
        }
    }
}
