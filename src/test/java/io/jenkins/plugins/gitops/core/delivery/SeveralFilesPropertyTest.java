package io.jenkins.plugins.gitops.core.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.ImageRule;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.Test;

/** One image in any number of files of any kinds: all of them are set and nothing else, or none. */
public class SeveralFilesPropertyTest {
    private static final int CASES = 1000;
    private static final String IMAGE = "ghcr.io/o/a";
    /** Names of files with a value of the image, shown as @ where it is the tag. */
    private static final String[][] RULED = {
        {"values%d.yaml", "# v\napi:\n  image:\n    tag: '@' # t\nother: {image: {tag: v1}}\n"},
        {"config%d.json", "{\"api\": {\"image\": {\"tag\": \"@\"}}, \"x\": [1]}"},
        {"app%d.env", "A=v1\r\nAPI_TAG=\"@\" # v1\r\nB=v1"},
        {"job%d.yaml", "spec:\n- {name: x, image: 'o/b:v1'}\n- {name: clean, image: \"" + IMAGE + ":@\"}\n"},
        {"nothing%d.yaml", "a: {image: {tag: v1}}\n"}
    };

    private static final String[][] MANIFESTS = {
        {"web%d.yaml", manifest("Deployment", "{template: {spec: {containers: [{image: '" + IMAGE + ":@'}]}}}")},
        {
            "cron%d.yaml",
            manifest("CronJob", "{a: {b: {initContainers: [{image: \"" + IMAGE + ":@\"}], containers: []}}}")
        },
        {"both%d.yml", manifest("Job", "{containers: [{image: 'o/b:v1'}, {image: '" + IMAGE + ":@'}]}") + "---\n"},
        {"db%d.yaml", manifest("StatefulSet", "{containers: [{image: 'postgres:v1'}]}")},
        {"service%d.yaml", "apiVersion: v1\nkind: Service\n"}
    };

    private static String manifest(String kind, String spec) {
        return "apiVersion: x/v1 # " + IMAGE + ":v1\nkind: " + kind + "\nspec: " + spec + "\n";
    }

    @Test
    public void filesThatARuleNamesAreSetTogether() throws Exception {
        Target ruled = new Target("a", "dev", "t", null)
                .withImages(List.of(new ImageRule(
                        IMAGE,
                        List.of("*"),
                        List.of("api.image.tag", "API_TAG"),
                        List.of("spec[name=clean].image"),
                        List.of(),
                        List.of())));
        checkAll(ruled, RULED);
    }

    @Test
    public void manifestsOfATargetAreSetTogether() throws Exception {
        checkAll(new Target("a", "dev", "t", null), MANIFESTS);
    }

    private static void checkAll(Target target, String[][] kinds) throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            Map<String, String> files = new TreeMap<>();
            for (int i = 1 + random.nextInt(6); i > 0; i--) {
                String[] kind = kinds[random.nextInt(kinds.length)];
                files.put("t/" + kind[0].formatted(i), kind[1]);
            }
            List<String> own = files.keySet().stream()
                    .filter(name -> files.get(name).contains("@"))
                    .toList();
            if (!own.isEmpty()) {
                setsAll(seed, target, files, own);
                if (own.size() > 1) {
                    refusesAnotherValue(seed, target, files, own.get(random.nextInt(own.size())));
                }
            }
        }
    }

    private static void setsAll(int seed, Target target, Map<String, String> files, List<String> own) throws Exception {
        Map<String, byte[]> changed = set(tree(files, "v1", "", ""), target);
        assertThat("seed " + seed, new ArrayList<>(new TreeMap<>(changed).keySet()), is(own));
        for (String name : own) {
            assertThat(
                    "seed " + seed,
                    new String(changed.get(name), UTF_8),
                    is(files.get(name).replace("@", "1.10")));
        }
    }

    private static void refusesAnotherValue(int seed, Target target, Map<String, String> files, String other)
            throws Exception {
        InMemoryFileTree tree = tree(files, "v1", other, "v0");
        UserErrorException refused = assertThrows("seed " + seed, UserErrorException.class, () -> set(tree, target));
        assertThat(refused.getMessage(), containsString("Image " + IMAGE + " has another value here than in t/"));
    }

    private static Map<String, byte[]> set(InMemoryFileTree tree, Target target) throws Exception {
        return TargetImages.set(tree, target, List.of(new ImageReference(IMAGE, "1.10", null)), false);
    }

    private static InMemoryFileTree tree(Map<String, String> files, String tag, String other, String otherTag) {
        InMemoryFileTree tree = new InMemoryFileTree();
        files.forEach((name, text) -> tree.with(name, text.replace("@", name.equals(other) ? otherTag : tag)));
        return tree;
    }
}
