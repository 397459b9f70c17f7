package io.jenkins.plugins.gitops.core.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import java.util.List;
import org.junit.Test;

public class HelmValuesTest {
    private static final String D1 = ImageFileEdits.D1;
    private final ImageFileEdits values = new ImageFileEdits("c/values.yaml");
    private final ImageFileEdits backend = new ImageFileEdits("c/values.yaml", "backend.image", "worker.image");

    @Test
    public void setsTheTagAndNothingElse() throws Exception {
        values.sets(
                "# v\nimage:\n  repository: o/a # r\n  tag: \"v1\" # t\n  pullPolicy: Always\nreplicas: 1\n",
                "o/a:v2",
                "# v\nimage:\n  repository: o/a # r\n  tag: \"v2\" # t\n  pullPolicy: Always\nreplicas: 1\n");
        values.sets("image: {repository: o/a, tag: v1}", "o/a:v2", "image: {repository: o/a, tag: v2}");
        values.sets(
                "\ufeffimage:\r\n    tag: 'v1'\r\n    repository: o/a",
                "o/a:v2",
                "\ufeffimage:\r\n    tag: 'v2'\r\n    repository: o/a");
        values.sets(
                "image:\n  registry: ghcr.io\n  repository: o/a\n  tag: v1\n",
                "ghcr.io/o/a:v2",
                "image:\n  registry: ghcr.io\n  repository: o/a\n  tag: v2\n");
        values.sets("image: o/a:v1 # t\n", "o/a:v2", "image: o/a:v2 # t\n");
        values.sets("image: 'r:5000/o/a:v1'\n", "r:5000/o/a:v2", "image: 'r:5000/o/a:v2'\n");
        values.sets("{image: r:5000/o/a:v1}\n", "r:5000/o/a:v2", "{image: r:5000/o/a:v2}\n");
        values.sets("image: o/a:v1\n", "o/a:v2@" + D1, "image: o/a:v2@" + D1 + "\n");
        backend.sets(
                "backend:\n"
                        + "  image:\n"
                        + "    repository: o/a\n"
                        + "    tag: v1\n"
                        + "worker:\n"
                        + "  image:\n"
                        + "    repository: o/w\n"
                        + "    tag: v1\n",
                "o/w:v2",
                "backend:\n"
                        + "  image:\n"
                        + "    repository: o/a\n"
                        + "    tag: v1\n"
                        + "worker:\n"
                        + "  image:\n"
                        + "    repository: o/w\n"
                        + "    tag: v2\n");
        values.sets(
                "base: &b {x: 1}\nimage:\n  <<: *b\n  repository: o/a\n  tag: v1\n",
                "o/a:v2",
                "base: &b {x: 1}\nimage:\n  <<: *b\n  repository: o/a\n  tag: v2\n");
    }

    @Test
    public void quotesAmbiguousScalars() throws Exception {
        for (String tag : List.of(
                "1.10", "1e3", "0777", "yes", "Y", "2024-01-01", "1_000", "0x1F", "null", "on", "0o17", "1", "0b1")) {
            values.sets(
                    "image:\n  repository: o/a\n  tag: v1\n",
                    "o/a:" + tag,
                    "image:\n  repository: o/a\n  tag: \"" + tag + "\"\n");
            values.sets(
                    "image: {repository: o/a, tag: 'v1'}\n",
                    "o/a:" + tag,
                    "image: {repository: o/a, tag: '" + tag + "'}\n");
        }
        values.sets(
                "image:\n  repository: o/a\n  tag: 1.10\n", "o/a:1.10", "image:\n  repository: o/a\n  tag: \"1.10\"\n");
    }

    @Test
    public void missingTagIsWrittenNextToTheRepository() throws Exception {
        values.sets(
                "image:\r\n   repository: o/a # r\r\n   pullPolicy: Always\r\n",
                "o/a:v2",
                "image:\r\n   repository: o/a # r\r\n   tag: v2\r\n   pullPolicy: Always\r\n");
        values.sets("image:\n  repository: o/a\n  tag:\n", "o/a:v2", "image:\n  repository: o/a\n  tag: v2\n");
        values.sets("image:\n  repository: o/a\n  tag: \"\"", "o/a:v2", "image:\n  repository: o/a\n  tag: \"v2\"");
    }

    @Test
    public void tagClearsTheDigestAndViceVersa() throws Exception {
        values.sets(
                "image:\n  repository: o/a\n  tag: v1\n  digest: " + D1 + " # d\n",
                "o/a:v2",
                "image:\n  repository: o/a\n  tag: v2\n  digest: \"\" # d\n");
        values.sets(
                "image:\n  repository: o/a\n  tag: 'v1'\n  digest: ''\n",
                "o/a@" + D1,
                "image:\n  repository: o/a\n  tag: ''\n  digest: '" + D1 + "'\n");
        values.sets(
                "image:\n  repository: o/a\n  tag: v1\n  digest:\n",
                "o/a:v2@" + D1,
                "image:\n  repository: o/a\n  tag: v2\n  digest: " + D1 + "\n");
        values.refuses(
                "image:\n  repository: o/a\n  tag: v1\n",
                "o/a@" + D1,
                "c/values.yaml:2:3: image has no digest, and the chart may not know it. Write digest: \"\" at image in"
                        + " Git first.");
    }

    @Test
    public void digestAfterTheTagStaysThere() throws Exception {
        String before = "image:\n  repository: o/a\n  tag: v1@" + D1 + " # t\n";
        assertThat(values.read(before), contains(new ImageReference("o/a", "v1", D1)));
        values.sets(
                before,
                "o/a:v2@" + ImageFileEdits.D2,
                "image:\n  repository: o/a\n  tag: v2@" + ImageFileEdits.D2 + " # t\n");
        values.sets(before, "o/a:v2", "image:\n  repository: o/a\n  tag: v2 # t\n");
    }

    @Test
    public void readsEveryPath() throws Exception {
        String content = "backend:\n  image:\n    repository: o/a\n    tag: 1.10\nworker:\n  image: o/w@" + D1 + "\n";
        assertThat(
                ImageFile.read("f", content.getBytes(UTF_8), List.of("backend.image", "worker.image", "none.image")),
                contains(
                        new ImageEntry(
                                new ImageReference("o/a", "1.10", null),
                                new SourceLocation("f", 3, 5),
                                "backend.image"),
                        new ImageEntry(
                                new ImageReference("o/w", null, D1), new SourceLocation("f", 6, 10), "worker.image")));
        assertThat(values.read("image:\n  repository: o/a\n"), is(empty()));
        assertThat(values.read("image: o/a\n"), is(empty()));
        assertThat(values.read("image: \"{{ .x }}\"\n"), is(empty()));
        assertThat(values.read("image: [o/a]\n"), is(empty()));
        assertThat(values.read("# nothing\n"), is(empty()));
    }

    @Test
    public void findsImagesAnywhereInTheValues() throws Exception {
        values.sets("image: o/a\nimageTag: v1 # t\n", "o/a:v2", "image: o/a\nimageTag: v2 # t\n");
        values.sets(
                "web: {image: {repository: o/a, tag: v1}}\njobs:\n- image: o/a:v1\ndb: {image: o/b:v1}\n",
                "o/a:v2",
                "web: {image: {repository: o/a, tag: v2}}\njobs:\n- image: o/a:v2\ndb: {image: o/b:v1}\n");
        values.sets(
                "image: {repository: o/a, tag: v1}\njob: {repository: o/a, tag: v1}\n",
                "o/a:v2",
                "image: {repository: o/a, tag: v2}\njob: {repository: o/a, tag: v2}\n");
        assertThat(
                "others are not the chart's image",
                values.read("image: {repository: o/a, tag: v1}\ndb: {image: {repository: o/b, tag: v1}}\n")
                        .toString(),
                is("[o/a:v1]"));
        values.refuses(
                "image: {repository: o/a, tag: v1}\njob: {image: {repository: o/a, tag: v0}}\n",
                "o/a:v2",
                "c/values.yaml:2:14: There is a second entry for image o/a, after line 1. Give both the same value in"
                        + " Git first.");
    }

    @Test
    public void readsPathsOfTagsAlone() throws Exception {
        ImageFileEdits tags = new ImageFileEdits("c/values.yaml", "app.imageTag", "app[0].tag", "main");
        tags.sets("app: {image: o/a, imageTag: v1}\n", "o/a:v2", "app: {image: o/a, imageTag: v2}\n");
        tags.sets("app:\n- {repository: o/a, tag: v1}\n", "o/a:v2", "app:\n- {repository: o/a, tag: v2}\n");
        tags.sets("main: {image: o/a, version: v1}\n", "o/a:v2", "main: {image: o/a, version: v2}\n");
        ImageFileEdits item = new ImageFileEdits("c/values.yaml", "app[0].image");
        item.refusesToCreate(
                "app: [{name: x}]\n",
                "o/a:v1",
                "c/values.yaml: An image cannot be added at app[0].image, which is an item of a list. Write the entry"
                        + " in Git first.");
    }

    @Test
    public void setsAnchorsThatOnlyThisImageUses() throws Exception {
        ImageFileEdits named = new ImageFileEdits("c/values.yaml", "image");
        named.sets(
                "x: &x {repository: o/a, tag: v1}\nimage: *x\n",
                "o/a:v2",
                "x: &x {repository: o/a, tag: v2}\nimage: *x\n");
        named.sets(
                "image: &x {repository: o/a, tag: v1}\ny: *x\n",
                "o/a:v2",
                "image: &x {repository: o/a, tag: v2}\ny: *x\n");
        values.sets(
                "web: {image: {repository: o/a, tag: &t v1}}\njob: {image: {repository: o/a, tag: *t}}\n",
                "o/a:v2",
                "web: {image: {repository: o/a, tag: &t v2}}\njob: {image: {repository: o/a, tag: *t}}\n");
        values.sets(
                "image: &x {repository: o/a, tag: v1}\njob: {image: *x}\n",
                "o/a:v2",
                "image: &x {repository: o/a, tag: v2}\njob: {image: *x}\n");
        new ImageFileEdits("c/values.yaml", "web.image")
                .sets(
                        "web: {image: {repository: o/a, tag: &t v1}}\njob: {image: {repository: o/a, tag: *t}}\n",
                        "o/a:v2",
                        "web: {image: {repository: o/a, tag: &t v2}}\njob: {image: {repository: o/a, tag: *t}}\n");
        values.refuses(
                "image: {repository: o/a, tag: &t v1}\njob: {image: {repository: o/a, tag: *t}}\nlabel: *t\n",
                "o/a:v2",
                "c/values.yaml:1:31: image.tag is anchored as &t and used elsewhere in the file. Write it out at both"
                        + " places in Git first.");
    }

    @Test
    public void nameDefaultsToTheChartsOrThePath() throws Exception {
        byte[] content = "image:\n  tag: v1\n".getBytes(UTF_8);
        byte[] chart = "image:\n  registry: ghcr.io\n  repository: o/a\n  tag: latest\n".getBytes(UTF_8);
        ImageFile file = ImageFile.of("c/values-dev.yaml", ImageFile.DEFAULT_PATHS);
        assertThat(file.read(content).get(0).image().toString(), is("image:v1"));
        ImageFile over = file.withChartValues("c/values.yaml", chart);
        assertThat(over.read(content).get(0).image().toString(), is("ghcr.io/o/a:v1"));
        List<ImageUpdateSpec> settings = List.of(ImageUpdateSpec.of(new ImageReference("ghcr.io/o/a", "v2", null)));
        assertThat(new String(over.set(content, settings, false), UTF_8), is("image:\n  tag: v2\n"));
        values.sets("image:\n  tag: v1\n", "image:v2", "image:\n  tag: v2\n");
    }

    @Test
    public void setsAnotherRepository() throws Exception {
        values.renames(
                "image:\n  repository: o/a\n  tag: v1\n", "image", "m/a:v2", "image:\n  repository: m/a\n  tag: v2\n");
        values.renames("image: o/a:v1\n", "image", "m/a:v2", "image: m/a:v2\n");
        values.renames(
                "image:\n  registry: r.io\n  repository: o/a\n  tag: v1\n",
                "image",
                "r.io/m/a:v2",
                "image:\n  registry: r.io\n  repository: m/a\n  tag: v2\n");
    }

    @Test
    public void createsWhatIsMissing() throws Exception {
        values.creates("a: 1 # c", "o/a:1.0", "a: 1 # c\nimage:\n  repository: o/a\n  tag: \"1.0\"");
        values.creates(
                "a:\r\n    b: 1\r\n# end\r\n",
                "o/a:v1",
                "a:\r\n    b: 1\r\nimage:\r\n    repository: o/a\r\n    tag: v1\r\n# end\r\n");
        values.creates("", "o/a:v1", "image:\n  repository: o/a\n  tag: v1\n");
        values.creates("# c", "o/a:v1", "# c\nimage:\n  repository: o/a\n  tag: v1\n");
        values.creates("image:\n", "o/a:v1", "image:\n  repository: o/a\n  tag: v1\n");
        values.creates("image: {}\n", "o/a:v1", "image: {repository: o/a, tag: v1}\n");
        values.creates(
                "image:\n  pullPolicy: |\n    x\n\nb: 1\n",
                "o/a:v1",
                "image:\n  pullPolicy: |\n    x\n  repository: o/a\n  tag: v1\n\nb: 1\n");
        values.creates(
                "{\"a\": 1}",
                "o/a@" + D1,
                "{\"a\": 1, \"image\": {\"repository\": \"o/a\", \"digest\": \"" + D1 + "\"}}");
        backend.creates(
                "backend:\n  image:\n    repository: o/a\n    tag: v1\nworker: ~\n",
                "o/w:v1",
                "backend:\n  image:\n    repository: o/a\n    tag: v1\nworker: {image: {repository: o/w, tag: v1}}\n");
    }

    @Test
    public void rejectsAmbiguousValues() {
        values.refuses(
                "a: 1\n",
                "o/a:v1",
                "c/values.yaml: There is no image at image here, so nothing to set for image o/a. Add it with create:"
                        + " true, or name its path with imagePaths.");
        values.refuses(
                "image: {repository: o/b, tag: v1}\n",
                "o/a:v1",
                "c/values.yaml: There is no image o/a at image here. Use one of o/b, or name its path with"
                        + " imagePaths.");
        values.refusesToCreate(
                "image: {repository: o/b, tag: v1}\n",
                "o/a:v1",
                "c/values.yaml: Another image is set at image. Name its path with imagePaths.");
        backend.refusesToCreate(
                "a: 1\n",
                "o/a:v1",
                "c/values.yaml: A new image could be set at each of backend.image, worker.image. Write its repository"
                        + " in Git first.");
        values.refuses(
                "x: &x {tag: v1}\nimage:\n  <<: *x\n  repository: o/a\n",
                "o/a:v2",
                "c/values.yaml:3:3: image.tag takes its value from this merge key. Write it out in Git first.");
        values.refuses(
                "t: &t v1\nimage:\n  repository: o/a\n  tag: *t\n",
                "o/a:v2",
                "c/values.yaml:4:8: image.tag is reached through the alias *t. Write it out here in Git first.");
        values.refuses(
                "image:\n  tag: v1\n  tag: v2\n",
                "image:v3",
                "c/values.yaml:3:3: The key \"tag\" is listed twice, after line 2. Remove one of the two in"
                        + " Git first, because parsers differ in which one they use.");
        values.refuses(
                "image:\n  repository: o/a\n  tag: [v1]\n",
                "o/a:v2",
                "c/values.yaml:3:8: image.tag is not a string. Write a string here in Git first.");
        backend.refuses(
                "backend: {image: {repository: o/a, tag: v1}}\nworker: {image: {repository: o/a, tag: v0}}\n",
                "o/a:v2",
                "c/values.yaml:2:17: There is a second entry for image o/a, after line 1. Give both the same value in"
                        + " Git first.");
        values.refusesToCreate(
                "a: |+\n  b\n\n",
                "o/a:v1",
                "c/values.yaml:1:4: Cannot determine where to add a line after this. Write the entry"
                        + " in Git first.");
    }
}
