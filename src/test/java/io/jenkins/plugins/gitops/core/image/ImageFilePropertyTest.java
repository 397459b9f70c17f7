package io.jenkins.plugins.gitops.core.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.ObjectMapper;
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
    private static final int CASES = 1000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> NEW_TAGS =
            List.of("v2", "sha-0f0f0f0", "1.10", "1e3", "0777", "yes", "null", "2024-01-02", "0x1f", "12345678", "y");

    private final ImageFileSample.SampleKind kind;

    public ImageFilePropertyTest(ImageFileSample.SampleKind kind) {
        this.kind = kind;
    }

    @Parameters(name = "{0}")
    public static Object[] kinds() {
        return ImageFileSample.SampleKind.all().toArray();
    }

    @Test
    public void onlyTheValueAndItsLineChange() throws Exception {
        for (long seed = 0; seed < CASES; seed++) {
            ImageFileSample sample = kind.of(seed);
            String before = sample.text();
            String tag = NEW_TAGS.get((int) (seed % NEW_TAGS.size()));
            List<ImageReference> images = List.of(new ImageReference(sample.image(), tag, null));
            String label = "seed " + seed + ", " + images + "\n" + before;

            byte[] input = before.getBytes(UTF_8);
            byte[] result = set(label, sample, input, images);
            String after = new String(result, UTF_8);

            List<Object> expected = load(before);
            Object old = value(expected, sample.paths().get(0));
            for (List<Object> path : sample.paths()) {
                put(expected, path, sample.value(tag));
            }
            assertThat(label + "\n->\n" + after, load(after), is(expected));
            assertOnlyTheValueDiffers(label + "\n->\n" + after, sample, old, tag, after);
            assertThat(label, new String(set(label, sample, result, images), UTF_8), is(after));
            assertThat(label, new String(input, UTF_8), is(before));
            if (sample.file().endsWith(".json")) {
                assertThat(after, JSON.readTree(after).isObject(), is(true));
            }
        }
    }

    private static byte[] set(String label, ImageFileSample sample, byte[] content, List<ImageReference> images) {
        try {
            List<ImageUpdateSpec> settings = new ArrayList<>();
            for (ImageReference image : images) {
                settings.add(ImageUpdateSpec.of(image));
            }
            return ImageFile.of(sample.file(), sample.search()).set(content, settings, false);
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

    private static Object value(Object root, List<Object> path) {
        Object at = root;
        for (Object key : path) {
            at = key instanceof Integer index ? ((List<?>) at).get(index) : ((Map<?, ?>) at).get(key);
        }
        return at;
    }

    /** Of each line that differs, the part that does is part of the value with its quotes. */
    private static void assertOnlyTheValueDiffers(
            String label, ImageFileSample sample, Object old, String tag, String after) {
        List<String> lines = List.of(sample.text().split("\n", -1));
        List<String> now = List.of(after.split("\n", -1));
        assertThat(label, now.size(), is(lines.size()));
        int different = 0;
        for (int i = 0; i < lines.size(); i++) {
            String one = lines.get(i);
            String other = now.get(i);
            if (!one.equals(other)) {
                int start = commonStart(one, other);
                int end = commonStart(
                        new StringBuilder(one.substring(start)).reverse().toString(),
                        new StringBuilder(other.substring(start)).reverse().toString());
                // A tag without quotes may be read as a number or a boolean.
                if (old instanceof String text) {
                    assertPartOf(label, text, one.substring(start, one.length() - end));
                }
                assertPartOf(label, sample.value(tag), other.substring(start, other.length() - end));
                different++;
            }
        }
        assertThat(label, different <= sample.lines(), is(true));
    }

    private static void assertPartOf(String label, String value, String changed) {
        boolean part =
                List.of("\"" + value + "\"", "'" + value + "'").stream().anyMatch(text -> text.contains(changed));
        assertThat(label + "\n" + changed + " is not part of " + value, part, is(true));
    }

    private static int commonStart(String one, String other) {
        int length = Math.min(one.length(), other.length());
        int at = 0;
        while (at < length && one.charAt(at) == other.charAt(at)) {
            at++;
        }
        return at;
    }

    private static List<Object> load(String text) {
        List<Object> documents = new ArrayList<>();
        // SnakeYAML removes a byte order mark only from streams.
        // JSON may be indented with tabs, YAML may not.
        String content = (text.startsWith("\ufeff") ? text.substring(1) : text).replace('\t', ' ');
        new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(content).forEach(documents::add);
        return documents;
    }
}
