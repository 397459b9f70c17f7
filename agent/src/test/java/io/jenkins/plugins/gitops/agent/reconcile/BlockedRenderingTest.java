package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.jenkins.plugins.gitops.agent.cluster.Cluster;
import io.jenkins.plugins.gitops.agent.embedded.EmbeddedCluster;
import io.jenkins.plugins.gitops.agent.ownership.ReplacedManagers;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Applications whose rendering does not end, or fails unexpectedly, together with one that is rendered. */
public class BlockedRenderingTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final String PASSWORD = "correct-horse-battery";

    private final EmbeddedCluster embedded = EmbeddedCluster.start("dev", Duration.ofMillis(20));
    private final Branch branch = new Branch();
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final AtomicInteger blockedRenderings = new AtomicInteger();
    private Cluster cluster;
    private Reconciler reconciler;

    @Before
    public void start() {
        branch.commit("apps/web.yaml", application("web"), "web/value", "1");
        cluster = new Cluster("dev", Set.of(), ReplacedManagers.DEFAULT, embedded.client(), this::changed, l -> {});
        reconciler = new Reconciler(
                new Reconciler.Settings(
                        "dev",
                        "https://git.example.com/config.git",
                        Set.of("https://git.example.com/config.git"),
                        "apps",
                        Set.of("https://kubernetes.default.svc"),
                        false,
                        Duration.ofMillis(50),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(10)),
                branch,
                this::render,
                cluster,
                new IdentityGuard(Optional::empty, branch, new NoStore(), IdentityGuard.Pinned.NOTHING),
                line -> {},
                () -> {});
        reconciler.start();
        await("web", status -> status.sync().equals("Synced"));
    }

    @After
    public void stop() {
        blocked.countDown();
        reconciler.close();
        cluster.close();
        embedded.close();
    }

    @Test
    public void otherApplicationsAreHealedAndSynced() {
        TreeMap<String, String> hostile = new TreeMap<>();
        for (int i = 1; i <= 8; i++) {
            hostile.put("apps/slow-" + i + ".yaml", application("slow-" + i));
            hostile.put("slow-" + i + "/value", "1");
        }
        branch.commit(hostile);
        awaitTrue("all threads for new applications are taken", () -> blockedRenderings.get() >= 3);

        webConfigMap().delete();
        awaitTrue("healed", () -> webConfigMap().get() != null);
        branch.commit("web/value", "2");
        awaitTrue("live", () -> "2".equals(valueOfWeb()));

        ApplicationStatus slow = await("slow-1", status -> true);
        assertThat(slow.sync(), is("Unknown"));
        assertThat(slow.message(), is("is being rendered"));
        blocked.countDown();
        await("slow-1", status -> status.sync().equals("Synced"));
        await("slow-8", status -> status.sync().equals("Synced"));
    }

    @Test
    public void applicationBeingRenderedKeepsItsPreviousStatus() {
        branch.commit("web/value", "blocked");
        awaitTrue("rendering", () -> blockedRenderings.get() == 1);

        String before = status("web").orElseThrow().comparedRevision();
        webConfigMap().delete(); // Triggers another comparison.
        assertThat(status("web").orElseThrow().sync(), is("Synced"));
        assertThat(status("web").orElseThrow().comparedRevision(), is(before));

        blocked.countDown();
        awaitTrue("live", () -> "blocked".equals(valueOfWeb()));
    }

    @Test
    public void internalErrorShowsNoSecretValue() {
        branch.commit("web/value", "faulty");

        ApplicationStatus failed = await("web", status -> status.sync().equals("Unknown"));

        assertThat(failed.message(), containsString("internal error: java.lang.IllegalStateException"));
        assertThat(failed.toString(), not(containsString(PASSWORD)));
    }

    private List<Map<String, Object>> render(FileTree tree, String path) throws UserErrorException, IOException {
        String value = new String(tree.read(path + "/value").orElseThrow(), StandardCharsets.UTF_8);
        if (value.equals("faulty")) {
            throw new IllegalStateException("cannot render " + PASSWORD);
        }
        if (path.startsWith("slow") || value.equals("blocked")) {
            blockedRenderings.incrementAndGet();
            try {
                blocked.await(120, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        return List.of(Map.of(
                "apiVersion",
                "v1",
                "kind",
                "ConfigMap",
                "metadata",
                Map.of("name", path),
                "data",
                Map.of("value", value)));
    }

    private void changed(String application) {
        if (reconciler != null) {
            reconciler.clusterChanged(application);
        }
    }

    private Resource<ConfigMap> webConfigMap() {
        return embedded.client().configMaps().inNamespace("shop").withName("web");
    }

    private String valueOfWeb() {
        ConfigMap live = webConfigMap().get();
        return live == null ? null : live.getData().get("value");
    }

    private Optional<ApplicationStatus> status(String application) {
        return reconciler.statuses().stream()
                .filter(status -> status.name().equals(application))
                .findFirst();
    }

    private ApplicationStatus await(String application, Predicate<ApplicationStatus> condition) {
        return Awaitility.await()
                .atMost(TIMEOUT)
                .until(() -> status(application).filter(condition), Optional::isPresent)
                .orElseThrow();
    }

    private void awaitTrue(String what, Callable<Boolean> condition) {
        Awaitility.await(what).atMost(TIMEOUT).until(condition);
    }

    private static String application(String name) {
        return """
                apiVersion: argoproj.io/v1alpha1
                kind: Application
                metadata: {name: %1$s}
                spec:
                  project: default
                  source: {repoURL: 'https://git.example.com/config.git', path: %1$s}
                  destination: {server: https://kubernetes.default.svc, namespace: shop}
                  syncPolicy:
                    automated: {selfHeal: true}
                    syncOptions: [CreateNamespace=true]
                """.formatted(name);
    }

    /** A branch in memory; each commit adds to the previous one. */
    private static final class Branch extends StubGitSource {
        private final Map<String, TreeMap<String, String>> revisions = new ConcurrentHashMap<>();
        private volatile String tip;

        void commit(String... filesAndTexts) {
            TreeMap<String, String> files = new TreeMap<>();
            for (int i = 0; i < filesAndTexts.length; i += 2) {
                files.put(filesAndTexts[i], filesAndTexts[i + 1]);
            }
            commit(files);
        }

        void commit(TreeMap<String, String> files) {
            TreeMap<String, String> all = tip == null ? new TreeMap<>() : new TreeMap<>(revisions.get(tip));
            all.putAll(files);
            String revision = String.format("%040d", revisions.size() + 1);
            revisions.put(revision, all);
            tip = revision;
        }

        @Override
        public String fetch() {
            return tip;
        }

        @Override
        public String branch() {
            return "main";
        }

        @Override
        public FileTree files(String revision) {
            return InMemoryFileTree.of(revisions.get(revision));
        }

        @Override
        public Optional<List<String>> revisionsSince(String since, String to, int most) {
            return Optional.empty();
        }

        @Override
        public String root(String revision) {
            return "0".repeat(40);
        }

        @Override
        public boolean isAncestor(String ancestor, String descendant) {
            return true;
        }
    }

    /** Stores nothing. */
    private static final class NoStore implements IdentityStore {
        @Override
        public Optional<String> get(String key) {
            return Optional.empty();
        }

        @Override
        public void put(String key, String value) {
            // Never read again.
        }
    }
}
