package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.source.DirectoryTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FolderRendererTest {
    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    @Test
    public void linksToFilesOfAPlainFolderAreRead() throws Exception {
        write("other/b", "{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n");
        write("app/c.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}\n");
        link("app/b.yaml", "../other/b");
        link("app/broken.yaml", "missing");
        link("app/folder.yaml", "../other");
        link("linked", "app");

        assertThat(names("app"), is(List.of("b", "c")));
        assertThat(names("linked"), is(List.of("b", "c")));
    }

    @Test
    public void folderWithLinkedKustomizationIsRenderedByKustomize() throws Exception {
        write("app/web.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: web}}\n");
        write("app/config/of-kustomize", "resources: [web.yaml]\nnamePrefix: a-\n");
        link("app/kustomization.yaml", "config/of-kustomize");

        assertThat(names("app"), is(List.of("a-web")));
    }

    @Test
    public void onlyLinksOfManifestsMustStayInTheRepository() throws Exception {
        write("app/web.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: web}}\n");
        link("app/README", "/usr/share/doc");
        assertThat(names("app"), is(List.of("web")));

        link("app/out.yaml", "/etc/passwd");
        UserErrorException refused = assertThrows(UserErrorException.class, () -> names("app"));
        assertThat(refused.getMessage(), containsString("app/out.yaml: a symbolic link along this path is absolute"));
    }

    private List<Object> names(String path) throws Exception {
        return FolderRenderer.renderWithWarnings(
                        new DirectoryTree(temporary.getRoot().toPath()), path, false)
                .manifests()
                .stream()
                .<Object>map(manifest -> ((Map<?, ?>) manifest.get("metadata")).get("name"))
                .toList();
    }

    private void write(String path, String content) throws Exception {
        Path file = temporary.getRoot().toPath().resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void link(String path, String target) throws Exception {
        Path link = temporary.getRoot().toPath().resolve(path);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of(target));
    }
}
