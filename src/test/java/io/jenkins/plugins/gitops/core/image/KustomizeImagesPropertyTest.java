package io.jenkins.plugins.gitops.core.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** For every style of a kustomization: only the requested tag changes, and only its line. */
public class KustomizeImagesPropertyTest {
    private static final int CASES = 3000;
    private static final List<String> NEW_TAGS =
            List.of("v2", "sha-0f0f0f0", "1.10", "1e3", "0777", "yes", "null", "2024-01-02", "0x1f", "12345678", "on");

    @Test
    public void onlyTheTagAndItsLineChange() throws Exception {
        for (long seed = 0; seed < CASES; seed++) {
            GeneratedKustomization generated = new GeneratedKustomization(seed);
            String before = generated.text();
            int chosen = (int) (seed % generated.images().size());
            String tag = NEW_TAGS.get((int) (seed % NEW_TAGS.size()));
            ImageReference image = new ImageReference(generated.images().get(chosen), tag, null);
            String label = "seed " + seed + ", " + image + "\n" + before;

            byte[] result =
                    ImageFile.set("k.yaml", before.getBytes(UTF_8), ImageFile.DEFAULT_PATHS, List.of(image), false);
            String after = new String(result, UTF_8);

            assertThat(label, load(after), is(withTag(load(before), chosen, tag)));
            assertOneLineDiffers(label + "\n->\n" + after, before, after);
            assertThat(
                    label,
                    new String(ImageFile.set("k.yaml", result, ImageFile.DEFAULT_PATHS, List.of(image), false), UTF_8),
                    is(after));
        }
    }

    @Test
    public void valueSetIsReadBack() throws Exception {
        for (long seed = 0; seed < CASES; seed++) {
            GeneratedKustomization generated = new GeneratedKustomization(seed);
            byte[] content = generated.text().getBytes(UTF_8);
            String name = generated.images().get(0);
            byte[] result = ImageFile.set(
                    "k.yaml", content, ImageFile.DEFAULT_PATHS, List.of(new ImageReference(name, "1e5", null)), false);
            ImageEntry entry = ImageFile.read("k.yaml", result, ImageFile.DEFAULT_PATHS).stream()
                    .filter(found -> found.key().equals(name))
                    .findFirst()
                    .orElseThrow();
            assertThat("seed " + seed, entry.image().tag(), is("1e5"));
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Object> withTag(List<Object> documents, int chosen, String tag) {
        Map<String, Object> root = (Map<String, Object>) documents.get(0);
        List<Map<String, Object>> images = (List<Map<String, Object>>) root.get("images");
        images.get(chosen).put("newTag", tag);
        return documents;
    }

    private static void assertOneLineDiffers(String label, String before, String after) {
        int shorter = Math.min(before.length(), after.length());
        int prefix = 0;
        while (prefix < shorter && before.charAt(prefix) == after.charAt(prefix)) {
            prefix++;
        }
        int suffix = 0;
        while (suffix < shorter - prefix
                && before.charAt(before.length() - 1 - suffix) == after.charAt(after.length() - 1 - suffix)) {
            suffix++;
        }
        String gone = before.substring(prefix, before.length() - suffix);
        String come = after.substring(prefix, after.length() - suffix);
        assertThat(label, gone.contains("\n"), is(false));
        boolean insertedLine =
                gone.isEmpty() && come.chars().filter(c -> c == '\n').count() == 1;
        assertThat(label, insertedLine || !come.contains("\n"), is(true));
    }

    private static List<Object> load(String text) {
        List<Object> documents = new ArrayList<>();
        // SnakeYAML removes a byte order mark only from streams.
        String content = text.startsWith("\ufeff") ? text.substring(1) : text;
        new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(content).forEach(documents::add);
        return documents;
    }
}
