package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.agent.application.ApplicationManifest;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpecBuilder;
import io.jenkins.plugins.gitops.agent.cluster.ObjectId;
import io.jenkins.plugins.gitops.agent.cluster.ResourceKind;
import io.jenkins.plugins.gitops.core.render.source.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The objects that an application that cannot be rendered may contain. */
public class PotentialObjectsTest {
    private static final ResourceKind CONFIG_MAP =
            ResourceKind.builtIn("v1", "ConfigMap").orElseThrow();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void includesEverythingInItsNamespace() throws Exception {
        write("shop/broken.yaml", "kind: [");

        assertThat(holds(withSpec("shop", "shop"), "shop", "anything"), is(true));
        assertThat(holds(withSpec("shop", "shop"), "elsewhere", "anything"), is(false));
    }

    @Test
    public void includesObjectsNamedByFilesInItsFolder() throws Exception {
        write("shop/overlay/data.yaml", "metadata: {name: data, namespace: elsewhere}");
        write("cart/other.yaml", "metadata: {name: other}");

        assertThat(holds(withSpec("shop", "shop"), "elsewhere", "data"), is(true));
        assertThat(holds(withSpec("shop", "shop"), "elsewhere", "other"), is(false));
    }

    @Test
    public void rejectedManifestIsMatchedByItsFolder() throws Exception {
        write("apps/shop.yaml", "spec: {destination: {namespace: shop}, unknown: field}");
        write("shop/data.yaml", "metadata: {name: data}");

        assertThat(holds(refused("shop"), "shop", "data"), is(true));
        assertThat(holds(refused("shop"), "shop", "other"), is(false));
        assertThat(holds(refused("not-there"), "shop", "data"), is(false));
    }

    @Test
    public void unparsableManifestIncludesObjectsItsTextNames() throws Exception {
        write("apps/shop.yaml", "kind: [\n  namespace: shop\n  name: cart");

        assertThat(holds(refused(null), "shop", "data"), is(true));
        assertThat(holds(refused(null), "elsewhere", "cart"), is(true));
        assertThat(holds(refused(null), "elsewhere", "data"), is(false));
    }

    @Test
    public void namesMatchOnlyAsWholeWords() throws Exception {
        write(
                "apps/shop.yaml",
                "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: my-shop\n# web,cart");
        write("shop/data.yaml", "kind: ConfigMap\nmetadata: {name: shop-api, namespace: elsewhere}");

        for (String name : List.of("a", "api", "app", "shop", "my", "p")) {
            assertThat(name, holds(refused(null), "elsewhere", name), is(false));
        }
        assertThat(holds(refused(null), "shop", "other"), is(false));
        for (String name : List.of("my-shop", "web", "cart")) {
            assertThat(name, holds(refused(null), "elsewhere", name), is(true));
        }
        assertThat(holds(refused("shop"), "elsewhere", "api"), is(false));
        assertThat(holds(refused("shop"), "elsewhere", "shop"), is(false));
        assertThat(holds(refused("shop"), "elsewhere", "shop-api"), is(true));
    }

    /** Applications often use the same names: a broken one in dev must not hold back objects in production. */
    @Test
    public void excludesNamespacesItDoesNotName() throws Exception {
        write("apps/shop.yaml", "spec: {destination: {namespace: dev}, unknown: field}");
        write("dev/config.yaml", "metadata: {name: config}");

        for (ApplicationManifest source : List.of(withSpec("dev", "dev"), refused("dev"))) {
            assertThat(holds(source, "dev", "config"), is(true));
            assertThat(holds(source, "production", "config"), is(false));
            assertThat("cluster-scoped", holds(source, null, "config"), is(true));
        }
    }

    @Test
    public void includesObjectsNamedByABase() throws Exception {
        write(
                "shop/overlays/dev/kustomization.yaml",
                "resources: [../../base/, cm.yaml]\nnamespace: elsewhere\nkind: [");
        write("shop/base/kustomization.yaml", "resources: [cm.yaml, ../../../../outside]");
        write("shop/base/cm.yaml", "metadata: {name: data}");
        write("shop/other/cm.yaml", "metadata: {name: other}");

        assertThat(holds(withSpec("shop/overlays/dev", "dev"), "elsewhere", "data"), is(true));
        assertThat(holds(withSpec("shop/overlays/dev", "dev"), "elsewhere", "other"), is(false));
        assertThat(holds(withSpec("shop/overlays/dev", "dev"), "third", "data"), is(false));
    }

    @Test
    public void isEmptyWhenTheManifestIsOfAnotherKind() throws Exception {
        write("apps/shop.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\n");

        assertThat(holds(refused(null), "shop", "data"), is(false));
    }

    private boolean holds(ApplicationManifest source, String namespace, String name) throws IOException {
        return new PotentialObjects(source, new DirectoryTree(folder.getRoot().toPath()))
                .test(new ObjectId(CONFIG_MAP, namespace, name));
    }

    private static ApplicationManifest withSpec(String path, String namespace) {
        ApplicationSpec spec = new ApplicationSpecBuilder(path, namespace).build();
        return new ApplicationManifest("shop", "apps/shop.yaml", path, spec, null);
    }

    private static ApplicationManifest refused(String path) {
        return new ApplicationManifest("shop", "apps/shop.yaml", path, null, "refused");
    }

    private void write(String path, String text) throws IOException {
        Path file = folder.getRoot().toPath().resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
