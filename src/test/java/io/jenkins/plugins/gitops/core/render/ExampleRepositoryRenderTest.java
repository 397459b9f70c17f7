package io.jenkins.plugins.gitops.core.render;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.gitops.core.render.source.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/**
 * Every overlay of the example repository renders; with the correction from its README, the result equals that of
 * kustomize.
 */
@RunWith(Parameterized.class)
public class ExampleRepositoryRenderTest {
    private static final Path EXAMPLE = Path.of(System.getProperty("gitops.root", "."), "docs/examples/config-repo");

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final String overlay;

    public ExampleRepositoryRenderTest(String overlay) {
        this.overlay = overlay;
    }

    @Parameters(name = "{0}")
    public static List<String> overlays() throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLE)) {
            return files.filter(file -> file.endsWith("kustomization.yaml"))
                    .map(file -> EXAMPLE.relativize(file.getParent()).toString().replace('\\', '/'))
                    .filter(folder -> folder.contains("overlays/"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    public void fixedExampleRendersAsKustomizeDoes() throws Exception {
        RenderResult renderResult = KustomizeRenderer.render(new DirectoryTree(EXAMPLE), overlay);
        Path mended = mended();

        RenderResult ofMended = KustomizeRenderer.render(new DirectoryTree(mended), overlay);

        assertThat(ofMended.manifests(), is(equalTo(renderResult.manifests())));
        assertThat(ofMended.warnings().toString(), not(containsString("components")));
        assertThat(renderResult.manifests().toString(), not(containsString(":latest")));
        if (KustomizeProgram.isPresent()) {
            String output =
                    KustomizeProgram.build(mended.resolve(overlay)).output().orElseThrow();
            assertThat(renderResult.manifests(), is(equalTo(KustomizeProgram.manifests(output))));
        }
    }

    @Test
    public void intentionalFaultIsReported() throws Exception {
        RenderResult renderResult = KustomizeRenderer.render(new DirectoryTree(EXAMPLE), overlay);
        if (Files.exists(EXAMPLE.resolve(overlay).resolve("image-tag.yaml"))) {
            assertThat(renderResult.warnings(), contains(startsWith(overlay + "/kustomization.yaml:")));
            assertThat(renderResult.warnings().get(0), containsString("image-tag/kustomization.yaml"));
        } else {
            assertThat(renderResult.warnings().toString(), not(containsString("image-tag")));
        }
    }

    /** Returns a copy with the correction that the README of the example describes. */
    private Path mended() throws IOException {
        Path copy = temporary.newFolder().toPath();
        try (Stream<Path> files = Files.walk(EXAMPLE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file);
                String path = EXAMPLE.relativize(file).toString();
                if (path.endsWith("image-tag.yaml")) {
                    path = path.replace("image-tag.yaml", "image-tag/kustomization.yaml");
                    text = text.replace("kind: Kustomization", "kind: Component")
                            .replace("/v1beta1", "/v1alpha1");
                } else if (path.endsWith("kustomization.yaml")) {
                    text = text.replace("- image-tag.yaml", "- image-tag");
                }
                Path target = copy.resolve(path);
                Files.createDirectories(target.getParent());
                Files.writeString(target, text);
            }
        }
        return copy;
    }
}
