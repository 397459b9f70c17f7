package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.util.List;
import org.junit.Test;

public class RejectedFoldersTest {
    private static final String CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

    private InMemoryFileTree tree = new InMemoryFileTree();

    @Test
    public void jsonnetIsRejectedByName() {
        tree.with("app/a.jsonnet", "{}");
        assertRefused("app/a.jsonnet: Jsonnet is not supported."
                + " Commit what it renders to, or move it out of the folder.");
        tree.with("app/b.yaml", CONFIG_MAP);
        assertRefused("app/a.jsonnet: Jsonnet is not supported."
                + " Commit what it renders to, or move it out of the folder.");
    }

    @Test
    public void parameterOverridesAreRejectedByName() {
        for (String name : List.of(".argocd-source.yaml", ".argocd-source-shop.yaml")) {
            tree = new InMemoryFileTree();
            tree.with("app/" + name, "kustomize: {images: [a:2]}\n");
            tree.with("app/kustomization.yaml", "resources: [b.yaml]\n");
            tree.with("app/b.yaml", CONFIG_MAP);
            assertRefused("app/" + name + ": Parameter overrides of Argo CD are not supported. Write what it sets into"
                    + " the manifests or the kustomization, and remove it.");
        }
    }

    @Test
    public void otherFilesAndFoldersAreLeftOut() throws Exception {
        tree.with("app/README.md", "text");
        tree.with("app/sub/b.yaml", CONFIG_MAP);
        assertThat(render().size(), is(0));
        tree.with("app/a.yaml", CONFIG_MAP);
        assertThat(render().size(), is(1));
    }

    @Test
    public void missingFolderIsRejected() {
        assertRefused("app: There is no such folder. Correct the path.");
    }

    private List<?> render() throws Exception {
        return new FolderRenderer(line -> {}).render(tree, "app");
    }

    private void assertRefused(String message) {
        UserErrorException refused = assertThrows(UserErrorException.class, this::render);
        assertThat(refused.getMessage(), is(message));
    }
}
