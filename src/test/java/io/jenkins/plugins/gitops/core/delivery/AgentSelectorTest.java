package io.jenkins.plugins.gitops.core.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import org.junit.Test;

/** {@code agent} of an environment in gitops.yaml. */
public class AgentSelectorTest {
    private static final String HEAD = "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\nenvironments:\n";
    private static final String WRITE_NAME =
            " Write lower-case letters, digits, '-' and '.', with {app} and {env} as placeholders.";

    @Test
    public void namesAnArgoCdServerAndWhatItCallsTheTarget() throws Exception {
        assertThat(deploys("{argocd: main}"), is(new AgentReference(AgentKind.ARGO_CD, "main", null)));
        assertThat(
                deploys("{argocd: main, application: '{app}-{env}'}"),
                is(new AgentReference(AgentKind.ARGO_CD, "main", "payments-dev")));
        assertThat(
                deploys("{argocd: main, application: 'team-{env}/{app}'}"),
                is(new AgentReference(AgentKind.ARGO_CD, "main", "team-dev/payments")));
    }

    @Test
    public void namesAFluxReceiverAndItsObject() throws Exception {
        assertThat(
                deploys("{flux: eu.west_1, kustomization: '{app}'}"),
                is(new AgentReference(AgentKind.FLUX, "eu.west_1", "Kustomization/flux-system/payments")));
        assertThat(
                deploys("{flux: main, kustomization: apps, namespace: 'team-{env}'}"),
                is(new AgentReference(AgentKind.FLUX, "main", "Kustomization/team-dev/apps")));
        assertThat(
                deploys("{flux: main, helmRelease: '{env}.{app}'}"),
                is(new AgentReference(AgentKind.FLUX, "main", "HelmRelease/flux-system/dev.payments")));
    }

    @Test
    public void namesAnAgentOfThisProject() throws Exception {
        assertThat(deploys("{agent: dev}"), is(new AgentReference(AgentKind.AGENT, "dev", null)));
        assertThat(
                deploys("{agent: dev, application: '{app}'}"),
                is(new AgentReference(AgentKind.AGENT, "dev", "payments")));
    }

    @Test
    public void namesADeliberatelyDifferentFolder() throws Exception {
        assertThat(
                deploys("{argocd: main, application: web, path: 'services/{app}/overlays/{env}'}"),
                is(new AgentReference(AgentKind.ARGO_CD, "main", "web", "services/payments/overlays/dev", false)));
        assertThat(
                deploys("{flux: main, kustomization: apps, path: clusters/main}")
                        .path(),
                is("clusters/main"));
        assertThat(deploys("{agent: dev, application: web, path: all}").path(), is("all"));
    }

    @Test
    public void declaresHealthChecksOfAFluxObject() throws Exception {
        assertThat(
                deploys("{flux: main, kustomization: '{app}', health: checked}"),
                is(new AgentReference(AgentKind.FLUX, "main", "Kustomization/flux-system/payments", null, true)));
        assertThat(deploys("{flux: main, kustomization: '{app}'}").healthChecked(), is(false));
        refuses(
                "{flux: main, kustomization: web, health: yes}",
                "\"health\" is not a string, since YAML reads yes as something else. Put it in quotes.",
                51);
        refuses(
                "{flux: main, kustomization: web, health: good}",
                "\"good\" is not a valid value of \"health\". Write checked when the object checks the health of all"
                        + " that it applies, or remove the key.",
                51);
    }

    @Test
    public void rejectsAnInvalidFolder() {
        refuses(
                "{argocd: main, path: a}",
                "A path has no effect without an application. Name the Application with application:"
                        + " NAME, or remove path.",
                25);
        refuses(
                "{argocd: main, application: web, path: ../a}",
                "\"../a\" is not a valid relative path. Write it without leading and trailing slashes, without \".\","
                        + " \"..\" and backslashes.",
                49);
        refuses(
                "{argocd: main, application: web, path: 'a/{name}'}",
                "\"a/{name}\" has an unknown placeholder. Write a folder, with {app} and {env} as placeholders.",
                49);
    }

    @Test
    public void tellsWhichFieldNamesTheAgent() throws Exception {
        Delivery delivery = Delivery.load(new InMemoryFileTree()
                .with("gitops.yaml", HEAD + "- name: dev\n  agent: {argocd: main}\n- name: live\n"));
        assertThat(String.valueOf(delivery.agentLocation("dev")), is("gitops.yaml:5:3"));
        assertThat(delivery.agentLocation("live"), is(nullValue()));
    }

    @Test
    public void appliesOnlyToDiscoveredTargetsOfTheEnvironment() throws Exception {
        String image = "images:\n- name: ghcr.io/o/x\n  newTag: v1\n";
        InMemoryFileTree tree = new InMemoryFileTree()
                .with("apps/payments/overlays/dev/kustomization.yaml", image)
                .with("apps/payments/overlays/live/kustomization.yaml", image)
                .with(
                        "gitops.yaml",
                        HEAD + "- name: dev\n- name: live\n  agent: {flux: main, kustomization: '{app}'}\n");
        Delivery delivery = Delivery.load(tree);
        AgentReference flux = new AgentReference(AgentKind.FLUX, "main", "Kustomization/flux-system/payments");
        assertThat(delivery.target("payments", "dev").agent(), is(nullValue()));
        Target live = delivery.target("payments", "live");
        assertThat(live.agent(), is(flux));
        assertThat(delivery.targets().get(1), is(live));
        assertThat(live.isDeployedBy(AgentKind.FLUX, "main"), is(true));
        assertThat(live.isDeployedBy(AgentKind.ARGO_CD, "main"), is(false));
        assertThat(live.isDeployedBy(AgentKind.FLUX, "other"), is(false));
    }

    @Test
    public void appliesToDiscoveredArgoCdApplications() throws Exception {
        InMemoryFileTree tree = InMemoryFileTree.example("helm-repo").without(Delivery.FILE);
        Target before = Delivery.load(tree).targets().stream()
                .filter(t -> t.applicationName() != null)
                .findFirst()
                .orElseThrow();
        tree.with(
                "gitops.yaml",
                HEAD + "- name: " + before.environment() + "\n  agent: {argocd: main, application: 'x-{app}'}\n");
        Target after = Delivery.load(tree).target(before.application(), before.environment());
        assertThat(
                after,
                is(before.withAgent(new AgentReference(AgentKind.ARGO_CD, "main", "x-" + before.application()))));
    }

    @Test
    public void rejectsZeroOrTwoAgents() {
        refuses("{}", "No agent is named. Name exactly one with argocd: NAME, flux: NAME or agent: NAME.", 10);
        refuses(
                "{application: a}",
                "No agent is named. Name exactly one with argocd: NAME, flux: NAME or agent: NAME.",
                10);
        refuses(
                "{argocd: a, flux: b}",
                "Two agents are named. Name exactly one with argocd: NAME, flux: NAME or agent: NAME.",
                22);
        refuses(
                "{flux: b, kustomization: a, helmRelease: a}",
                "Two Flux objects are named. Name one with kustomization: NAME or helmRelease: NAME;"
                        + " it may contain {app} and {env}.",
                38);
        refuses(
                "{flux: b}",
                "Flux deploys this environment, but no Flux object is named. Name one with kustomization: NAME or"
                        + " helmRelease: NAME; it may contain {app} and {env}.",
                10);
    }

    @Test
    public void rejectsKeysThatAreUnknownOrOfAnotherKind() {
        refuses(
                "{argo: a}",
                "\"argo\" is not a key of an agent. Use argocd, flux, agent, application, kustomization, helmRelease,"
                        + " namespace, path, health.",
                11);
        refuses(
                "{argocd: a, namespace: b}",
                "\"namespace\" is not a key of an agent that is an Argo CD server. Use argocd, application, path.",
                22);
        refuses(
                "{flux: a, kustomization: b, application: c}",
                "\"application\" is not a key of an agent that is Flux. Use flux, kustomization, helmRelease,"
                        + " namespace, path, health.",
                38);
        refuses(
                "{agent: a, kustomization: c}",
                "\"kustomization\" is not a key of an agent of this project. Use agent, application, path.",
                21);
        refuses(
                "main",
                "This is not an agent. Write a mapping of argocd, flux, agent, application, kustomization,"
                        + " helmRelease, namespace, path, health.",
                10);
    }

    @Test
    public void rejectsInvalidNames() {
        refuses(
                "{argocd: a/b}",
                "\"a/b\" is not a valid agent name. Write its name as configured in Jenkins: letters, digits, '.',"
                        + " '_' or '-'.",
                19);
        refuses("{argocd: }", "\"argocd\" is not a string. Write a string here.", 18);
        refuses("{argocd: a, application: '{name}'}", "\"{name}\" has an unknown placeholder." + WRITE_NAME, 35);
        refuses(
                "{argocd: a, application: '{app}-{env'}",
                "\"{app}-{env\" has an unknown placeholder." + WRITE_NAME,
                35);
        refuses("{argocd: a, application: a/b/c}", "\"a/b/c\" is not a valid application name." + WRITE_NAME, 35);
        refuses("{argocd: a, application: a/}", "\"a/\" is not a valid application name." + WRITE_NAME, 35);
        refuses("{flux: a, kustomization: b/c}", "\"b/c\" is not a valid kustomization name." + WRITE_NAME, 35);
        refuses("{flux: a, helmRelease: B}", "\"B\" is not a valid helmRelease name." + WRITE_NAME, 33);
        refuses(
                "{flux: a, helmRelease: b, namespace: '{ns}'}",
                "\"{ns}\" has an unknown placeholder." + WRITE_NAME,
                47);
    }

    private static AgentReference deploys(String agent) throws UserErrorException {
        return parse(agent).environments().get(0).agent().deploys("payments", "dev", "dev");
    }

    private static void refuses(String agent, String message, int column) {
        String expected = "gitops.yaml:5:" + column + ": " + message;
        assertThat(assertThrows(UserErrorException.class, () -> parse(agent)).getMessage(), is(expected));
    }

    private static DeliveryFile parse(String agent) throws UserErrorException {
        return DeliveryFile.parse("gitops.yaml", (HEAD + "- name: dev\n  agent: " + agent + "\n").getBytes(UTF_8));
    }
}
