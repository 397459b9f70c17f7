package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.agent.cluster.AllowedResources;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.StrictMapping;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class AllowedResourcesReaderTest {
    private static final Set<String> SYSTEM = Set.of("kube-system", "kube-public", "kube-node-lease");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void systemNamespacesAndTheAgentsOwnAreDeniedByDefault() throws Exception {
        Path own = Files.writeString(folder.getRoot().toPath().resolve("namespace"), "gitops-agent\n");

        assertThat(
                read("name: dev", own).deniedNamespaces(),
                is(Set.of("kube-system", "kube-public", "kube-node-lease", "gitops-agent")));
        assertThat("outside a pod", read("name: dev"), is(new AllowedResources(Set.of(), SYSTEM, Set.of(), Set.of())));
        assertThat(read("deniedNamespaces: []", own), is(AllowedResources.ALL));
        assertThat(read("deniedNamespaces: [a]", own).deniedNamespaces(), is(Set.of("a")));
    }

    @Test
    public void allowedNamespacesReplaceTheDefault() throws Exception {
        AllowedResources allowed = read("allowedNamespaces: [kube-system, shop]");

        assertThat(allowed.deniedNamespaces(), is(Set.of("kube-public", "kube-node-lease")));
        assertThat(allowed.namespaces(), is(Set.of("kube-system", "shop")));
    }

    @Test
    public void readsAllKeys() throws Exception {
        assertThat(
                read("{allowedNamespaces: [shop], deniedNamespaces: [a], allowedKinds: [Secret, apps/*],"
                        + " deniedKinds: [batch/Job, apps/StatefulSet, cert-manager.io/Issuer]}"),
                is(new AllowedResources(
                        Set.of("shop"),
                        Set.of("a"),
                        Set.of("Secret", "apps/*"),
                        Set.of("batch/Job", "apps/StatefulSet", "cert-manager.io/Issuer"))));
    }

    @Test
    public void badValueIsRejectedWithItsLocation() {
        Map.ofEntries(
                        Map.entry(
                                "allowedNamespaces: [shop, Shop]",
                                "agent.yaml:1:27: \"Shop\" in \"allowedNamespaces\" is not the name of a namespace"),
                        Map.entry("deniedNamespaces: ['kube-*']", "patterns are not supported"),
                        Map.entry("deniedNamespaces: kube-system", "\"deniedNamespaces\" is not a list"),
                        Map.entry("allowedKinds: [deployments]", "\"deployments\" in \"allowedKinds\" is not a kind"),
                        Map.entry("deniedKinds: [apps/v1/Deployment]", "without a version"),
                        Map.entry("deniedKinds: ['*']", "\"*\" in \"deniedKinds\" is not a kind"),
                        Map.entry("allowedNamespaces: []", "agent.yaml:1:20: \"allowedNamespaces\" is empty"),
                        Map.entry("allowedKinds: []", "\"allowedKinds\" is empty, which would allow nothing"),
                        Map.entry(
                                "{allowedNamespaces: [a], deniedNamespaces: [b, a]}",
                                "agent.yaml:1:48: \"a\" is in \"deniedNamespaces\" and in \"allowedNamespaces\""),
                        Map.entry(
                                "{allowedKinds: [Secret], deniedKinds: [Secret]}",
                                "\"Secret\" is in \"deniedKinds\" and in \"allowedKinds\""))
                .forEach((text, why) -> assertThat(
                        text,
                        assertThrows(UserErrorException.class, () -> read(text)).getMessage(),
                        containsString(why)));
    }

    private AllowedResources read(String text) throws UserErrorException {
        return read(text, folder.getRoot().toPath().resolve("absent"));
    }

    private static AllowedResources read(String text, Path podNamespace) throws UserErrorException {
        var node = YamlText.parse("agent.yaml", text.getBytes(StandardCharsets.UTF_8))
                .first()
                .orElseThrow();
        List<String> keys = List.of("name", "allowedNamespaces", "deniedNamespaces", "allowedKinds", "deniedKinds");
        return AllowedResourcesReader.read(StrictMapping.of(node, "a configuration", keys), podNamespace);
    }
}
