package io.jenkins.plugins.gitops.core.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** For every kind of file and every style: only the requested value changes, and only its line. */
@RunWith(Parameterized.class)
public class ImageFilePropertyTest {
    private static final int CASES = 2000;
    private static final List<String> NEW_TAGS =
            List.of("v2", "sha-0f0f0f0", "1.10", "1e3", "0777", "yes", "null", "2024-01-02", "0x1f", "12345678", "y");

    private final GeneratedImageFile.OccurrenceKind kind;

    public ImageFilePropertyTest(GeneratedImageFile.OccurrenceKind kind) {
        this.kind = kind;
    }

    @Parameters(name = "{0}")
    public static Object[] kinds() {
        return GeneratedImageFile.OccurrenceKind.values();
    }

    @Test
    public void onlyTheValueAndItsLineChange() throws Exception {
        for (long seed = 0; seed < CASES; seed++) {
            GeneratedImageFile generated = new GeneratedImageFile(kind, seed);
            String before = generated.text();
            String tag = NEW_TAGS.get((int) (seed % NEW_TAGS.size()));
            List<ImageReference> images = List.of(new ImageReference(generated.image(), tag, null));
            String label = "seed " + seed + ", " + images + "\n" + before;

            byte[] input = before.getBytes(UTF_8);
            byte[] result = set(label, generated, input, images);
            String after = new String(result, UTF_8);

            List<Object> expected = load(before);
            put(expected, generated.path(), generated.value(tag));
            assertThat(label + "\n->\n" + after, load(after), is(expected));
            assertOnlyOneLineDiffers(label + "\n->\n" + after, before, after);
            assertThat(label, new String(set(label, generated, result, images), UTF_8), is(after));
            assertThat(label, new String(input, UTF_8), is(before));
        }
    }

    private static byte[] set(String label, GeneratedImageFile generated, byte[] content, List<ImageReference> images) {
        try {
            List<ImageUpdateSpec> settings = new ArrayList<>();
            for (ImageReference image : images) {
                settings.add(ImageUpdateSpec.of(image));
            }
            return ImageFile.of("f.yaml", generated.search()).set(content, settings, false);
        } catch (Exception e) {
            throw new AssertionError(label, e);
        }
    }

    @SuppressWarnings("unchecked")
    private static void put(Object root, List<Object> path, String value) {
        Object at = root;
        for (Object key : path.subList(0, path.size() - 1)) {
            at = key instanceof Integer index ? ((List<Object>) at).get(index) : ((Map<String, Object>) at).get(key);
        }
        Object last = path.get(path.size() - 1);
        if (last instanceof Integer index) {
            ((List<Object>) at).set(index, value);
        } else {
            ((Map<String, Object>) at).put((String) last, value);
        }
    }

    private static void assertOnlyOneLineDiffers(String label, String before, String after) {
        List<String> old = List.of(before.split("\n", -1));
        List<String> now = List.of(after.split("\n", -1));
        assertThat(label, now.size(), is(old.size()));
        int different = 0;
        for (int i = 0; i < old.size(); i++) {
            different += old.get(i).equals(now.get(i)) ? 0 : 1;
        }
        assertThat(label, different <= 1, is(true));
    }

    private static List<Object> load(String text) {
        List<Object> documents = new ArrayList<>();
        // SnakeYAML removes a byte order mark only from streams.
        String content = text.startsWith("\ufeff") ? text.substring(1) : text;
        new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(content).forEach(documents::add);
        return documents;
    }
}
