package io.jenkins.plugins.gitops.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.Test;

public class RejectedFoldersTest {
    private static final String CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

    private final TreeMap<String, String> files = new TreeMap<>();

    private final FileTree tree = new FileTree() {
        @Override
        public Optional<byte[]> read(String path) {
            return Optional.ofNullable(files.get(path)).map(text -> text.getBytes(UTF_8));
        }

        @Override
        public List<Entry> list(String folder) {
            return files.keySet().stream()
                    .filter(path -> path.startsWith(folder + "/"))
                    .map(path -> path.substring(folder.length() + 1))
                    .map(rest -> new Entry(rest.split("/")[0], rest.contains("/")))
                    .distinct()
                    .toList();
        }
    };

    @Test
    public void jsonnetIsRejectedByName() {
        files.put("app/a.jsonnet", "{}");
        assertRefused("app/a.jsonnet: Jsonnet is not supported."
                + " Commit what it renders to, or move it out of the folder.");
        files.put("app/b.yaml", CONFIG_MAP);
        assertRefused("app/a.jsonnet: Jsonnet is not supported."
                + " Commit what it renders to, or move it out of the folder.");
    }

    @Test
    public void parameterOverridesAreRejectedByName() {
        for (String name : List.of(".argocd-source.yaml", ".argocd-source-shop.yaml")) {
            files.clear();
            files.put("app/" + name, "kustomize: {images: [a:2]}\n");
            files.put("app/kustomization.yaml", "resources: [b.yaml]\n");
            files.put("app/b.yaml", CONFIG_MAP);
            assertRefused("app/" + name + ": Parameter overrides of Argo CD are not supported. Write what it sets into"
                    + " the manifests or the kustomization, and remove it.");
        }
    }

    @Test
    public void otherFilesAndFoldersAreLeftOut() throws Exception {
        files.put("app/README.md", "text");
        files.put("app/sub/b.yaml", CONFIG_MAP);
        assertThat(render().size(), is(0));
        files.put("app/a.yaml", CONFIG_MAP);
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
