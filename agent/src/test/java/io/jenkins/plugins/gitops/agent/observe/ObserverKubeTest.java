package io.jenkins.plugins.gitops.agent.observe;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.jenkins.plugins.gitops.agent.AgentConfig.ClusterAccess;
import io.jenkins.plugins.gitops.agent.AgentConfig.Jenkins;
import io.jenkins.plugins.gitops.agent.FakeJenkins;
import io.jenkins.plugins.gitops.agent.SecretSource;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.agent.kube.FreshNamespace;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The observer beside a real API server and real controllers of workloads. */
public class ObserverKubeTest {
    private static final String URL = "https://git.example.com/config.git";
    private static final String OLD = "1".repeat(40);
    private static final String NEW = "2".repeat(40);
    private static final String SECRET = "the report secret of edge";
    private static final Duration ROOM = Duration.ofSeconds(90);

    @Rule
    public final FreshNamespace namespace = new FreshNamespace();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private String entry;
    private SimulatedFlux flux;
    private FakeJenkins jenkins;
    private Observer observer;

    @Before
    public void start() throws Exception {
        entry = namespace.name() + "_web_apps_Deployment";
        flux = new SimulatedFlux(namespace.client(), namespace.name());
        jenkins = new FakeJenkins("edge", SECRET);
        deploy("1.0");
        flux.source("config", URL, OLD);
        flux.applied("web", "config", "./services/web/dev", OLD, entry);
    }

    @After
    public void stop() {
        if (observer != null) {
            observer.close();
        }
        jenkins.close();
    }

    private void observe(Config kubernetes) throws Exception {
        Path secret = Files.writeString(folder.getRoot().toPath().resolve("secret"), SECRET);
        observer = new Observer(
                new ObserverConfig(
                        "edge",
                        new Jenkins(jenkins.url(), SecretSource.file(secret)),
                        ClusterAccess.OWN,
                        true,
                        true,
                        List.of(namespace.name()),
                        false,
                        Duration.ofSeconds(1),
                        null),
                kubernetes,
                lines::add);
        observer.start();
    }

    private void deploy(String tag) {
        namespace
                .client()
                .resource(new DeploymentBuilder()
                        .withNewMetadata()
                        .withName("web")
                        .withNamespace(namespace.name())
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(2)
                        .withProgressDeadlineSeconds(5)
                        .withNewSelector()
                        .addToMatchLabels("app", "web")
                        .endSelector()
                        .withNewTemplate()
                        .withNewMetadata()
                        .addToLabels("app", "web")
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("web")
                        .withImage("registry.example.com/web:" + tag)
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build())
                .forceConflicts()
                .serverSideApply();
    }

    private ApplicationStatus await(Predicate<ApplicationStatus> condition) throws Exception {
        long end = System.nanoTime() + ROOM.toNanos();
        while (true) {
            Report report = jenkins.next();
            assertThat("a report: " + lines, report, is(notNullValue()));
            assertThat("in time, and not only " + report.applications(), System.nanoTime() - end, is(lessThan(0L)));
            for (ApplicationStatus status : report.applications()) {
                if (condition.test(status)) {
                    return status;
                }
            }
        }
    }

    private static boolean runs(ApplicationStatus status, String tag) {
        return status.details().running() != null
                && status.details().running().stream()
                        .anyMatch(i -> i.image().equals("registry.example.com/web:" + tag) && i.ready());
    }

    @Test
    public void rolloutIsReportedUntilTheNewPodsAreReady() throws Exception {
        observe(ControlPlane.shared().config());
        await(s -> runs(s, "1.0") && s.health().equals("Healthy"));

        flux.checking("web", "config", "./services/web/dev", OLD, NEW, entry);
        deploy("1.1");
        ApplicationStatus checking = await(s -> NEW.equals(s.comparedRevision()));
        assertThat(checking.sync(), is("OutOfSync"));
        namespace
                .client()
                .apps()
                .deployments()
                .inNamespace(namespace.name())
                .withName("web")
                .waitUntilCondition(
                        d -> d.getStatus()
                                        .getObservedGeneration()
                                        .equals(d.getMetadata().getGeneration())
                                && Integer.valueOf(2).equals(d.getStatus().getUpdatedReplicas())
                                && Integer.valueOf(2).equals(d.getStatus().getAvailableReplicas())
                                && Integer.valueOf(2).equals(d.getStatus().getReplicas()),
                        ROOM.toSeconds(),
                        TimeUnit.SECONDS);
        long ready = System.nanoTime();
        flux.applied("web", "config", "./services/web/dev", NEW, entry);

        ApplicationStatus live = await(s -> NEW.equals(s.syncedRevision()) && runs(s, "1.1"));
        System.out.println("told " + Duration.ofNanos(System.nanoTime() - ready).toMillis() + " ms after Ready");
        assertThat(live.health(), is("Healthy"));
    }

    @Test
    public void brokenImageIsDegradedWithThePodsReason() throws Exception {
        observe(ControlPlane.shared().config());
        await(s -> runs(s, "1.0"));

        deploy("1.1-broken");
        flux.applied("web", "config", "./services/web/dev", NEW, entry);

        ApplicationStatus degraded = await(s ->
                s.health().equals("Degraded") && s.resources().get(0).message().contains("ImagePullBackOff"));
        assertThat(degraded.resources().get(0).label(), is("Deployment web"));
        assertThat(degraded.syncedRevision(), is(NEW));
    }

    @Test
    public void unreadableKindIsReportedAndDoesNotAffectOthers() throws Exception {
        namespace
                .client()
                .resource(new RoleBuilder()
                        .withNewMetadata()
                        .withName("observer")
                        .withNamespace(namespace.name())
                        .endMetadata()
                        .withRules(new PolicyRuleBuilder()
                                .withApiGroups("kustomize.toolkit.fluxcd.io", "source.toolkit.fluxcd.io")
                                .withResources("kustomizations", "gitrepositories")
                                .withVerbs("get", "list", "watch")
                                .build())
                        .build())
                .create();
        namespace
                .client()
                .resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName("observer")
                        .withNamespace(namespace.name())
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "Role", "observer")
                        .addNewSubject("rbac.authorization.k8s.io", "User", "observer-of-" + namespace.name(), null)
                        .build())
                .create();
        Config limited = ControlPlane.shared().config();
        limited.setImpersonateUsername("observer-of-" + namespace.name());
        observe(limited);

        ApplicationStatus status = await(s -> OLD.equals(s.syncedRevision()));

        assertThat(status.message(), containsString("the observer cannot see apps/Deployment"));
        assertThat(status.message(), containsString("forbidden"));
        assertThat(status.details().running(), is(nullValue()));
        assertThat(status.health(), is("Healthy"));
        assertThat(lines, hasItem(containsString("apps/Deployment in " + namespace.name() + " cannot be read")));
    }
}
