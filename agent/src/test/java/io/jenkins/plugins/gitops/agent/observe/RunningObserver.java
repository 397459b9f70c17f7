package io.jenkins.plugins.gitops.agent.observe;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import io.fabric8.kubernetes.client.Config;
import io.jenkins.plugins.gitops.agent.AgentConfig.ClusterAccess;
import io.jenkins.plugins.gitops.agent.AgentConfig.Jenkins;
import io.jenkins.plugins.gitops.agent.FakeJenkins;
import io.jenkins.plugins.gitops.agent.SecretSource;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** The observer {@code edge}, and the Jenkins that it reports to. */
final class RunningObserver extends ExternalResource {
    private static final String SECRET = "the report secret of edge";
    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    private final TemporaryFolder folder = new TemporaryFolder();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private FakeJenkins jenkins;
    private Observer observer;

    @Override
    protected void before() throws Throwable {
        folder.create();
        jenkins = new FakeJenkins("edge", SECRET);
    }

    @Override
    protected void after() {
        stop();
        jenkins.close();
        folder.delete();
    }

    FakeJenkins jenkins() {
        return jenkins;
    }

    /** Returns the lines of progress so far. */
    List<String> lines() {
        return lines;
    }

    /**
     * Observes Flux.
     *
     * @param argocd whether Argo CD is observed as well
     * @param namespaces the only namespaces to read; empty for all
     * @param requestReconcile whether Flux is requested to reconcile when Jenkins knows a newer commit
     */
    void start(Config kubernetes, boolean argocd, List<String> namespaces, boolean requestReconcile) throws Exception {
        Path secret = Files.writeString(folder.getRoot().toPath().resolve("secret"), SECRET);
        observer = new Observer(
                new ObserverConfig(
                        "edge",
                        new Jenkins(jenkins.url(), SecretSource.file(secret)),
                        ClusterAccess.OWN,
                        true,
                        argocd,
                        namespaces,
                        requestReconcile,
                        Duration.ofMillis(500),
                        null),
                kubernetes,
                lines::add);
        observer.start();
    }

    void stop() {
        if (observer != null) {
            observer.close();
            observer = null;
        }
    }

    /** Returns the next report. */
    Report next() throws InterruptedException {
        Report report = jenkins.next();
        assertThat("a report: " + lines, report, is(notNullValue()));
        return report;
    }

    /** Returns the first status of an application, from the next report on, that matches a condition. */
    ApplicationStatus await(String application, Predicate<ApplicationStatus> condition) throws InterruptedException {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        for (Report report = next(); System.nanoTime() < end; report = next()) {
            for (ApplicationStatus status : report.applications()) {
                if (status.name().equals(application) && condition.test(status)) {
                    return status;
                }
            }
        }
        throw new AssertionError("only " + next().applications() + "\n" + String.join("\n", lines));
    }

    /** Whether ready pods run a tag of {@code registry.example.com/web}. */
    static boolean runs(ApplicationStatus status, String tag) {
        return status.details().running() != null
                && status.details().running().stream()
                        .anyMatch(i -> i.image().equals("registry.example.com/web:" + tag) && i.ready());
    }
}
