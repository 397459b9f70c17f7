package io.jenkins.plugins.gitops.core.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Whatever a file contains, it is edited at one location or rejected, and neither takes long. */
public class ImageFileMutationTest {
    private static final int MUTATIONS = 20_000;
    /** Further files besides the generated ones: shared nodes, unusual layouts, nearly empty files. */
    private static final List<String> ODD = List.of(
            "images:\n- &a\n  name: o/a\n  newTag: &t v1\n- <<: *a\n  name: o/b\n- {name: o/c, newTag: *t}\n",
            "x: &x {repository: o/a, tag: v1}\nimage:\n  <<: *x\n  tag: v2\nbackend: {image: *x}\n",
            "x: &x\n  tag: v1\nimage: &i\n  <<: [*x]\n  repository: o/a\ny: *i\n",
            "image: {\n  repository: o/a, # c\n  tag: v1,\n}\nother: |+\n  a\n\n",
            "image:\n  # c\n  ? repository\n  : o/a\n  tag: >-\n    v1\nz: 1\n",
            "apiVersion: argoproj.io/v1\nkind: Application\nspec:\n  source:\n    helm:\n      parameters: &p\n"
                    + "      - name: image.repository\n        value: o/a\n      -\n        # c\n"
                    + "        name: image.tag\n        value: v1\n      values: |\n        image: o/a:v1\n",
            "apiVersion: argoproj.io/v1\nkind: Application\nspec:\n  sources:\n"
                    + "  - kustomize: {images: &i [x=o/a:v1, 'o/b:v1']}\n    x: *i\n",
            "apiVersion: argoproj.io/v1\nkind: Application\nspec:\n  source: {path: p}\n---\nkind: X\n",
            "apiVersion: v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      initContainers: &c\n"
                    + "      - image: &i o/a:v1\n      containers:\n      - &d {image: \"o/a:v1\"}\n      - <<: *d\n"
                    + "        name: x\n---\napiVersion: v1\nkind: Pod\nspec: {containers: [{image: o/a:v1}]}\n",
            "kind: Kustomization\nresources:\n  - |\n    a\n  -   - b\n      - c: d\n        e: &f g\n",
            "# c\n---\n",
            "image: ~\nbackend:\n  image: {}\n",
            "backend: &b\n  image:\nother: *b\n",
            "\ufeffimage:\r\n  repository: o/a\r\n  digest: sha256:11111111111111111111111111111111\r\n");

    private static final String SIGNS = "-:#&*!|>'\"%@`{}[],?=~ \t\r\n<0a\u0000\u0080\u00ff";
    /** The values and keys of one image: name, tag and digest in separate fields, or one text. */
    private static final int MOST_CHANGES = 3;

    @Test(timeout = 300_000)
    public void mutatedFileIsRejectedOrSetAtOneLocation() throws Exception {
        int set = 0;
        List<ImageFileSample.SampleKind> kinds = ImageFileSample.SampleKind.all();
        for (int seed = 0; seed < MUTATIONS; seed++) {
            ImageFileSample sample = kinds.get(seed % kinds.size()).of(seed % 500);
            Random random = new Random(seed);
            boolean odd = seed % 4 == 0;
            String text = odd ? ODD.get(seed / 4 % ODD.size()) : sample.text();
            byte[] content = mutated(text.getBytes(UTF_8), random);
            ImageReference image = new ImageReference(odd ? "o/a" : sample.image(), "v9.9", null);
            ImageFile file = odd
                    ? ImageFile.of("f.yaml", ImageSearch.at(GeneratedImageFile.PATHS))
                    : ImageFile.of(sample.file(), sample.search());
            int places = odd ? 1 : sample.paths().size();
            set += isSetOrRefused("seed " + seed, file, content, image, random.nextBoolean(), places) ? 1 : 0;
        }
        assertThat(set, greaterThan(MUTATIONS / 4));
    }

    private static boolean isSetOrRefused(
            String label, ImageFile file, byte[] content, ImageReference image, boolean create, int places) {
        byte[] input = content.clone();
        byte[] result;
        try {
            result = file.set(input, List.of(ImageUpdateSpec.of(image)), create);
        } catch (UserErrorException e) {
            assertThat(label, e.getMessage().length(), greaterThan(0));
            assertThat(label, Arrays.equals(input, content), is(true));
            return false;
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError(label + "\n" + new String(content, UTF_8), e);
        }
        assertThat(label, Arrays.equals(input, content), is(true));
        String told = label + "\n" + new String(content, UTF_8) + "\n->\n" + new String(result, UTF_8);
        assertThat(told, reads(file, result, image), is(true));
        List<String> gone = leaves(content);
        List<String> come = leaves(result);
        List<String> both = new ArrayList<>(come);
        gone.forEach(both::remove);
        come.forEach(gone::remove);
        int most = MOST_CHANGES * places;
        assertThat(told, gone.size(), lessThanOrEqualTo(most));
        assertThat(told, both.size(), lessThanOrEqualTo(create ? 2 * most : most));
        return true;
    }

    /**
     * Whether the image has the new tag, and no other one at another place. Where nothing says what the only image is called,
     * it may be called anything.
     * /** Whether the file reads as containing the image. If nothing names the only image, any name matches. */
    private static boolean reads(ImageFile file, byte[] content, ImageReference image) {
        try {
            List<ImageEntry> entries = file.read(content);
            boolean left = entries.stream()
                    .anyMatch(entry -> entry.image().name().equals(image.name())
                            && !"v9.9".equals(entry.image().tag()));
            return !left
                    && entries.stream()
                            .anyMatch(entry -> "v9.9".equals(entry.image().tag())
                                    && (entry.key().equals(image.name())
                                            || entry.image().name().equals(image.name())
                                            || !entry.named()));
        } catch (UserErrorException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] mutated(byte[] content, Random random) {
        byte[] mutated = content;
        for (int i = 0; i <= random.nextInt(3); i++) {
            mutated = random.nextInt(3) == 0 ? lines(mutated, random) : bytes(mutated, random);
        }
        return mutated;
    }

    private static byte[] bytes(byte[] content, Random random) {
        String text = new String(content, ISO_8859_1);
        int at = random.nextInt(text.length() + 1);
        String sign = SIGNS.substring(random.nextInt(SIGNS.length())).substring(0, 1);
        int gone = random.nextInt(3) == 0 ? 0 : random.nextInt(Math.min(4, text.length() - at + 1));
        String come = random.nextInt(3) == 0 ? "" : sign;
        return (text.substring(0, at) + come + text.substring(at + gone)).getBytes(ISO_8859_1);
    }

    private static byte[] lines(byte[] content, Random random) {
        List<String> lines = new ArrayList<>(List.of(new String(content, ISO_8859_1).split("\n", -1)));
        int at = random.nextInt(lines.size());
        switch (random.nextInt(5)) {
            case 0 -> lines.add(at, lines.get(at));
            case 1 -> lines.remove(at);
            case 2 -> Collections.swap(lines, at, random.nextInt(lines.size()));
            case 3 -> lines.set(at, " ".repeat(random.nextInt(4)) + lines.get(at));
            default -> lines.set(at, lines.get(at).strip());
        }
        return String.join("\n", lines).getBytes(ISO_8859_1);
    }

    /** Returns every scalar with its path, with aliases resolved, as a reader of the file sees it. */
    private static List<String> leaves(byte[] content) {
        // JSON may be indented with tabs, YAML may not.
        String text = new String(content, UTF_8).replace('\t', ' ');
        List<String> leaves = new ArrayList<>();
        try {
            int document = 0;
            LoaderOptions options = new LoaderOptions();
            options.setTagInspector(tag -> true);
            for (Node root : new Yaml(options)
                    .composeAll(new StringReader(text.startsWith("\ufeff") ? text.substring(1) : text))) {
                collect(document++ + "", root, leaves);
            }
        } catch (YAMLException e) {
            throw new AssertionError(text, e);
        }
        return leaves;
    }

    private static void collect(String way, Node node, List<String> leaves) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
                collect(way + "/" + key, entry.getValueNode(), leaves);
            }
        } else if (node instanceof SequenceNode sequence) {
            // Without indices, which differ after an added item.
            sequence.getValue().forEach(item -> collect(way + "/-", item, leaves));
        } else if (node instanceof ScalarNode scalar) {
            leaves.add(way + "=" + scalar.getValue());
        }
    }
}
