package io.jenkins.plugins.gitops.core.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** Files that are not YAML: no byte but those of the value changes, and a damaged file is set as a whole or refused. */
@RunWith(Parameterized.class)
public class TextFilePropertyTest {
    private static final int CASES = 2000;
    private static final int MUTATIONS = 5000;
    private static final List<String> NEW_TAGS =
            List.of("v2", "sha-0f0f0f0", "1.10", "1e3", "0777", "yes", "null", "2024-01-02", "0x1f", "12345678");
    private static final String SIGNS = "#=:\"' \t\r\n;/<>[]{}-@\\$0a\u0000\u0080\u00ff";

    private final TextFileSample.LineKind kind;

    public TextFilePropertyTest(TextFileSample.LineKind kind) {
        this.kind = kind;
    }

    @Parameters(name = "{0}")
    public static Object[] kinds() {
        return TextFileSample.LineKind.values();
    }

    @Test
    public void onlyTheBytesOfTheValueChange() throws Exception {
        for (long seed = 0; seed < CASES; seed++) {
            TextFileSample sample = new TextFileSample(kind, seed);
            String tag = NEW_TAGS.get((int) (seed % NEW_TAGS.size()));
            ImageReference image = new ImageReference(TextFileSample.IMAGE, tag, null);
            byte[] content = sample.content();
            String label = "seed " + seed + "\n" + text(content);
            byte[] result;
            try {
                result = set(sample, content, image, false);
            } catch (UserErrorException e) {
                throw new AssertionError(label, e);
            }
            assertThat(label, text(result), is(text(sample.content(tag))));
            assertThat(label, text(content), is(text(sample.content())));
            assertThat(label, text(set(sample, result, image, false)), is(text(result)));
            assertThat(
                    label,
                    sample.open().read(result).stream().map(ImageEntry::image).toList(),
                    contains(image));
        }
    }

    @Test(timeout = 300_000)
    public void mutatedFileIsRejectedOrSet() {
        int set = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            Random random = new Random(seed);
            TextFileSample sample = new TextFileSample(kind, seed % 500);
            byte[] content = mutated(sample.content(), random);
            set += isSetOrRefused("seed " + seed, sample, content, random.nextBoolean()) ? 1 : 0;
        }
        assertThat(set, greaterThan(MUTATIONS / 4));
    }

    private static boolean isSetOrRefused(String label, TextFileSample sample, byte[] content, boolean create) {
        ImageReference image = new ImageReference(TextFileSample.IMAGE, "v9.9", null);
        byte[] input = content.clone();
        byte[] result;
        List<ImageEntry> entries;
        try {
            result = set(sample, input, image, create);
            entries = sample.open().read(result);
        } catch (UserErrorException e) {
            assertThat(label, Arrays.equals(input, content), is(true));
            return false;
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError(label + "\n" + text(content), e);
        }
        String told = label + "\n" + text(content) + "\n->\n" + text(result);
        // By its key the image is found whatever the file calls it.
        List<ImageEntry> own = entries.stream()
                .filter(entry ->
                        entry.image().name().equals(image.name()) || entry.key().equals(image.name()))
                .toList();
        assertThat(told, own.isEmpty(), is(false));
        assertThat(
                told, own.stream().allMatch(entry -> "v9.9".equals(entry.image().tag())), is(true));
        List<String> before = List.of(text(content).split("\n", -1));
        List<String> after = List.of(text(result).split("\n", -1));
        List<String> come = new ArrayList<>(after);
        before.forEach(come::remove);
        assertThat(told, after.size(), is(before.size()));
        assertThat(told, come.stream().allMatch(line -> line.contains("v9.9")), is(true));
        return true;
    }

    private static byte[] set(TextFileSample sample, byte[] content, ImageReference image, boolean create)
            throws UserErrorException {
        return sample.open().set(content, List.of(ImageUpdateSpec.of(image)), create);
    }

    private static byte[] mutated(byte[] content, Random random) {
        String text = text(content);
        for (int i = 0; i <= random.nextInt(3); i++) {
            text = random.nextInt(3) == 0 ? lines(text, random) : characters(text, random);
        }
        return text.getBytes(ISO_8859_1);
    }

    private static String characters(String text, Random random) {
        int at = random.nextInt(text.length() + 1);
        int gone = random.nextInt(3) == 0 ? 0 : random.nextInt(Math.min(6, text.length() - at + 1));
        char sign = SIGNS.charAt(random.nextInt(SIGNS.length()));
        return text.substring(0, at) + (random.nextInt(3) == 0 ? "" : sign) + text.substring(at + gone);
    }

    private static String lines(String text, Random random) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        int at = random.nextInt(lines.size());
        switch (random.nextInt(4)) {
            case 0 -> lines.add(at, lines.get(at));
            case 1 -> lines.remove(at);
            case 2 -> Collections.swap(lines, at, random.nextInt(lines.size()));
            default -> lines.set(at, lines.get(at).repeat(2));
        }
        return String.join("\n", lines);
    }

    private static String text(byte[] content) {
        return new String(content, ISO_8859_1);
    }
}
