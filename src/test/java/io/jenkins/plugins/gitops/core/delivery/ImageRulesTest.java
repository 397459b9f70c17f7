package io.jenkins.plugins.gitops.core.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.ImageRule;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** {@code images} in {@code gitops.yaml}, and the files that the rules name. */
public class ImageRulesTest {
    private static final String HEAD = "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\n";

    private static void refuses(String rule, String message) {
        String text = HEAD + "applications:\n- path: apps/{app}/{env}\n  images:\n  - " + rule + "\n";
        UserErrorException refused = assertThrows(
                rule, UserErrorException.class, () -> DeliveryFile.parse("gitops.yaml", text.getBytes(UTF_8)));
        assertThat(refused.getMessage(), is("gitops.yaml:" + message));
    }

    @Test
    public void refusesRulesThatLeadNowhere() {
        refuses("name: o/a", "6:5: This entry does not say where the image is set. Write tag, image or digest.");
        refuses("tag: '{tier}.tag'", "6:5: The placeholder {tier} is not known here. Use {app}, {env}.");
        refuses(
                "tag: a..b",
                "6:10: \"a..b\" is not a valid path of keys. Separate the keys with dots, as in backend.image, with"
                        + " [0] or [name=web] for an item of a list, and a backslash before a dot in a key.");
        refuses(
                "{name: 'o/a:v1', tag: a}",
                "6:12: \"o/a:v1\" is not an image name. Write registry/repository without a" + " tag, in lower case.");
        refuses(
                "{tag: a, files: ../x.yaml}",
                "6:21: \"../x.yaml\" is not a valid relative path. Write it without leading and trailing slashes,"
                        + " without \".\", \"..\" and backslashes.");
        refuses(
                "{tag: [a, b], digest: c}",
                "6:27: There are 1 paths of digests and 2 of tags. Write a digest for each tag, in the same order.");
        refuses(
                "{tag: [a, b, c], repository: [p, q]}",
                "6:34: There are 2 paths of repositories and 3 of tags. Write one for all, or one for each tag, in the"
                        + " same order.");
        refuses(
                "{tag: a}\n  imagePaths: [b]",
                "7:15: imagePaths and images both say where images are. Remove imagePaths.");
        refuses(
                "{name: o/a, tag: a}\n  - {name: o/a, tag: b}",
                "7:12: \"o/a\" is listed twice. Put its paths in one entry.");
        refuses(
                "{tag: a, unknown: b}",
                "6:14: \"unknown\" is not a key of an entry of images. Use name, files, tag, image,"
                        + " digest, repository.");
    }

    @Test
    public void rulesOfTheRootAreForApplicationsWithoutTheirOwn() throws Exception {
        DeliveryFile file = DeliveryFile.parse(
                "gitops.yaml",
                (HEAD + "images: [{tag: app.tag}]\napplications:\n- path: a/{app}/{env}\n- path: b/{app}/{env}\n"
                                + "  images: [{image: '{app}.image'}]\n- path: c/{app}/{env}\n  imagePaths: [x]\n")
                        .getBytes(UTF_8));
        List<ImageRule> root = file.patterns().get(0).images();
        assertThat(root.get(0).tag(), contains("app.tag"));
        assertThat(file.patterns().get(1).images().get(0).image(), contains("{app}.image"));
        assertThat(file.patterns().get(2).images(), is(List.of()));
    }

    @Test
    public void aValueIsOneKeyOfAPath() {
        ImageRule rule = new ImageRule(
                "o/{app}",
                List.of("{env}/*.yaml"),
                List.of("x.{app}[name={env}].tag"),
                List.of(),
                List.of(),
                List.of());
        ImageRule resolved = rule.resolve(Map.of("app", "my.app", "env", "dev"));
        assertThat(resolved.name(), is("o/my.app"));
        assertThat(resolved.files(), contains("dev/*.yaml"));
        assertThat(resolved.tag(), contains("x.my\\.app[name=dev].tag"));
    }

    @Test
    public void globsMatchWithinOneSegment() throws Exception {
        Object[][] table = {
            {"a/*.yaml", "a/b.yaml", true},
            {"a/*.yaml", "a/b/c.yaml", false},
            {"a/*.yaml", "a/.yaml", true},
            {"*/v-*-x.y?ml", "q/v-a-b-x.yaml", true},
            {"*/v-*-x.y?ml", "q/v-a-b-z.yaml", false},
            {"a", "a", true},
            {"a", "ab", false},
            {"*", "", true},
            {"*a*a*a*a*a*a*b", "a".repeat(5_000), false}
        };
        for (Object[] row : table) {
            assertThat(row[0] + " " + row[1], new FileGlob((String) row[0]).matches((String) row[1]), is(row[2]));
        }
        InMemoryFileTree tree = new InMemoryFileTree()
                .with("a/x/1.yaml", "")
                .with("a/y/2.yaml", "")
                .with("a/y/3.txt", "")
                .with("b/x/4.yaml", "");
        assertThat(new FileGlob("a/*/*.yaml").files(tree), contains("a/x/1.yaml", "a/y/2.yaml"));
        assertThat(new FileGlob("a/y/3.txt").files(tree), contains("a/y/3.txt"));
        assertThat(new FileGlob("a/*/*.yaml").folder(), is("a"));
    }

    @Test
    public void saysWhichFilesHaveNoImage() {
        Target target = new Target("a", "dev", "t", null)
                .withImages(List.of(new ImageRule(
                        null, List.of("v.yaml", "x/*.yaml"), List.of("a.tag"), List.of(), List.of(), List.of())));
        refusesToRead(
                new InMemoryFileTree(),
                target,
                "gitops.yaml: The files of the images of a/dev are missing: t/v.yaml, t/x/*.yaml. Write it there in Git"
                        + " first, or change images in gitops.yaml.");
        refusesToRead(
                new InMemoryFileTree().with("t/v.yaml", "b: 1\n"),
                target,
                "gitops.yaml: No image of a/dev is at the paths of images in t/v.yaml, t/x/*.yaml. Write it there in"
                        + " Git first, or change images in gitops.yaml.");
        refusesToRead(
                new InMemoryFileTree().with("t/v.yaml", "a: {tag: {x: 1}}\n"),
                target,
                "t/v.yaml:1:10: a.tag is not a single value. Name the key of the value itself in images.");
    }

    private static void refusesToRead(InMemoryFileTree tree, Target target, String message) {
        assertThat(
                assertThrows(UserErrorException.class, () -> TargetImages.read(tree, target))
                        .getMessage(),
                is(message));
    }

    @Test
    public void addsAValueOnlyAtAPathOfKeys() throws Exception {
        ImageReference image = new ImageReference("o/a", "v1", null);
        InMemoryFileTree tree = new InMemoryFileTree().with("t/v.yaml", "a:\n  b: 1\n");
        Target keys = rule("a.tag");
        assertThat(
                new String(TargetImages.set(tree, keys, List.of(image), true).get("t/v.yaml"), UTF_8),
                is("a:\n  b: 1\n  tag: v1\n"));
        UserErrorException refused = assertThrows(
                UserErrorException.class, () -> TargetImages.set(tree, rule("l[0].tag"), List.of(image), true));
        assertThat(
                refused.getMessage(),
                is("t/v.yaml: An image cannot be added at l[0].tag, which is an item of a list. Write the entry in Git"
                        + " first."));
    }

    private static Target rule(String tag) {
        return new Target("a", "dev", "t", null)
                .withImages(List.of(
                        new ImageRule("o/a", List.of("v.yaml"), List.of(tag), List.of(), List.of(), List.of())));
    }
}
