package io.jenkins.plugins.gitops.core.render;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.source.DirectoryTree;
import io.jenkins.plugins.gitops.core.render.yaml.ManifestYaml;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/**
 * Folders whose {@code expected.yaml} was written by kustomize 5.8.1, and folders that it rejects, with our message in
 * {@code refused.txt}. If kustomize is on the PATH, it runs again.
 */
@RunWith(Parameterized.class)
public class GoldenTest {
    private static final Path ROOT = root();

    private final String folder;

    public GoldenTest(String folder) {
        this.folder = folder;
    }

    @Parameters(name = "{0}")
    public static List<String> folders() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.endsWith("expected.yaml") || file.endsWith("refused.txt"))
                    .map(file -> ROOT.relativize(file.getParent()).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    private static Path root() {
        try {
            return Path.of(GoldenTest.class.getResource("golden").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    public void rendersAsKustomizeDoes() throws Exception {
        Path expected = ROOT.resolve(folder).resolve("expected.yaml");
        if (Files.exists(expected)) {
            RenderResult renderResult = KustomizeRenderer.render(new DirectoryTree(ROOT), folder);
            assertThat(renderResult.manifests(), is(equalTo(KustomizeProgram.manifests(Files.readString(expected)))));
            assertThat(ManifestYaml.write(renderResult.manifests()), is(equalTo(Files.readString(expected))));
        } else {
            String refusal = Files.readString(ROOT.resolve(folder).resolve("refused.txt"));
            UserErrorException refused = assertThrows(
                    UserErrorException.class, () -> KustomizeRenderer.render(new DirectoryTree(ROOT), folder));
            assertThat(refused.getMessage(), containsString(refusal.strip()));
        }
    }

    @Test
    public void goldenFilesMatchTheInstalledKustomize() throws Exception {
        if (KustomizeProgram.isPresent()) {
            Path expected = ROOT.resolve(folder).resolve("expected.yaml");
            KustomizeProgram.Result result = KustomizeProgram.build(ROOT.resolve(folder));
            assertThat(result.messages(), result.output().isPresent(), is(Files.exists(expected)));
            if (Files.exists(expected)) {
                assertThat(result.output().orElseThrow(), is(equalTo(Files.readString(expected))));
            }
        }
    }
}
