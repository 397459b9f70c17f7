package io.jenkins.plugins.gitops.agent.observe;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.agent.kube.FreshNamespace;
import io.jenkins.plugins.gitops.agent.kube.WebDeployment;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** The observer with a real API server and real workload controllers. */
public class ObserverKubeTest {
    private static final String URL = "https://git.example.com/config.git";
    private static final String OLD = "1".repeat(40);
    private static final String NEW = "2".repeat(40);

    @Rule
    public final FreshNamespace namespace = new FreshNamespace();

    @Rule
    public final RunningObserver observer = new RunningObserver();

    private String entry;
    private SimulatedFlux flux;

    @Before
    public void start() throws Exception {
        entry = namespace.name() + "_web_apps_Deployment";
        flux = new SimulatedFlux(namespace.client(), namespace.name());
        deploy("1.0");
        flux.source("config", URL, OLD);
        flux.applied("web", "config", "./services/web/dev", OLD, entry);
    }

    private void observe(Config kubernetes) throws Exception {
        observer.start(kubernetes, true, List.of(namespace.name()), false);
    }

    private void deploy(String tag) {
        namespace
                .client()
                .resource(WebDeployment.of(namespace.name(), "registry.example.com/web:" + tag, 2, 5))
                .forceConflicts()
                .serverSideApply();
    }

    private ApplicationStatus await(Predicate<ApplicationStatus> condition) throws Exception {
        return observer.await("Kustomization/" + namespace.name() + "/web", condition);
    }

    @Test
    public void rolloutIsReportedUntilTheNewPodsAreReady() throws Exception {
        observe(ControlPlane.shared().config());
        await(s -> RunningObserver.runs(s, "1.0") && s.health().equals("Healthy"));

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
                        90,
                        TimeUnit.SECONDS);
        flux.applied("web", "config", "./services/web/dev", NEW, entry);

        ApplicationStatus live = await(s -> NEW.equals(s.syncedRevision()) && RunningObserver.runs(s, "1.1"));
        assertThat(live.health(), is("Healthy"));
    }

    @Test
    public void brokenImageIsDegradedWithThePodsReason() throws Exception {
        observe(ControlPlane.shared().config());
        await(s -> RunningObserver.runs(s, "1.0"));

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
        assertThat(
                observer.lines(),
                hasItem(containsString("apps/Deployment in " + namespace.name() + " cannot be read")));
    }
}
