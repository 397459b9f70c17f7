package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.agent.cluster.AllowedResources.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.Test;

public class AllowedResourcesTest {
    private static final ObjectId DEPLOYMENT = namespaced("apps/v1", "Deployment", "shop");
    private static final ObjectId SECRET = namespaced("v1", "Secret", "shop");
    private static final ObjectId SYSTEM = namespaced("v1", "Secret", "kube-system");
    private static final ObjectId NAMESPACE = clusterScoped("v1", "Namespace", "shop");
    private static final ObjectId SYSTEM_NAMESPACE = clusterScoped("v1", "Namespace", "kube-system");
    private static final ObjectId ROLE = clusterScoped("rbac.authorization.k8s.io/v1", "ClusterRole", "shop");

    @Test
    public void everythingIsPermittedWithoutRules() {
        assertPermitted(AllowedResources.ALL, DEPLOYMENT, SECRET, SYSTEM, NAMESPACE, SYSTEM_NAMESPACE, ROLE);
    }

    @Test
    public void allowedNamespacesPermitTheirObjectsAndTheNamespaceItself() {
        AllowedResources shop = new AllowedResources(Set.of("shop"), Set.of(), Set.of(), Set.of());
        assertPermitted(shop, DEPLOYMENT, SECRET, NAMESPACE);
        assertRefused(shop, SYSTEM, "namespace kube-system is not in allowedNamespaces in agent.yaml", "add this one");
        assertRefused(shop, SYSTEM_NAMESPACE, "namespace kube-system is not in allowedNamespaces", "add this one");
        assertRefused(shop, ROLE, "rbac.authorization.k8s.io/ClusterRole is cluster-scoped", "in allowedKinds");
    }

    @Test
    public void clusterScopedKindMustBeListedAlongWithAllowedNamespaces() {
        for (String kind : Set.of("rbac.authorization.k8s.io/ClusterRole", "rbac.authorization.k8s.io/*")) {
            AllowedResources both = new AllowedResources(Set.of("shop"), Set.of(), Set.of(kind, "Secret"), Set.of());
            assertPermitted(both, ROLE, SECRET);
            assertRefused(both, DEPLOYMENT, "apps/Deployment is not in allowedKinds in agent.yaml", "add its kind");
            assertRefused(both, NAMESPACE, "Namespace is not in allowedKinds in agent.yaml", "add its kind");
            assertRefused(both, SYSTEM, "not in allowedNamespaces", "move the object");
        }
    }

    @Test
    public void denyOverridesAllow() {
        AllowedResources denied = new AllowedResources(
                Set.of("shop"), Set.of("kube-system"), Set.of("apps/*", "Secret"), Set.of("apps/Deployment"));
        assertPermitted(denied, SECRET, namespaced("apps/v1", "StatefulSet", "shop"));
        assertRefused(denied, SYSTEM, "namespace kube-system is in deniedNamespaces in agent.yaml", "move the object");
        assertRefused(denied, DEPLOYMENT, "apps/Deployment is in deniedKinds in agent.yaml", "remove the object");
    }

    @Test
    public void kindWithoutGroupIsInTheCoreGroup() {
        AllowedResources kinds = new AllowedResources(Set.of(), Set.of(), Set.of(), Set.of("Deployment", "Secret"));
        assertPermitted(kinds, DEPLOYMENT);
        assertRefused(kinds, SECRET, "Secret is in deniedKinds", "or the kind from deniedKinds");
    }

    @Test
    public void onlyAllowedNamespacesAreListed() {
        AllowedResources limited = new AllowedResources(
                Set.of("shop", "admin"), Set.of(), Set.of("rbac.authorization.k8s.io/ClusterRole"), Set.of());
        ResourceKind crd = ResourceKind.builtIn("apiextensions.k8s.io/v1", "CustomResourceDefinition")
                .orElseThrow();

        assertThat(AllowedResources.ALL.scopes(SECRET.kind()), is(List.of("")));
        assertThat(limited.scopes(SECRET.kind()), is(List.of("admin", "shop")));
        assertThat(limited.scopes(ROLE.kind()), is(List.of("")));
        assertThat(limited.scopes(crd), is(List.of()));
    }

    private static void assertPermitted(AllowedResources allowed, ObjectId... ids) {
        for (ObjectId id : ids) {
            assertThat(id.toString(), allowed.refusal(id), is(Optional.empty()));
        }
    }

    private static void assertRefused(AllowedResources allowed, ObjectId id, String reason, String remedy) {
        assertThat(
                allowed.refusal(id).map(Refusal::message).orElse("permitted"),
                allOf(containsString("not permitted: "), containsString(reason), containsString(remedy)));
    }

    private static ObjectId namespaced(String apiVersion, String kind, String namespace) {
        return new ObjectId(ResourceKind.builtIn(apiVersion, kind).orElseThrow(), namespace, "one");
    }

    private static ObjectId clusterScoped(String apiVersion, String kind, String name) {
        return new ObjectId(ResourceKind.builtIn(apiVersion, kind).orElseThrow(), null, name);
    }
}
