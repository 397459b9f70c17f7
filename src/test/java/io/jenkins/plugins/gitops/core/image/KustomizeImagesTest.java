package io.jenkins.plugins.gitops.core.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;
import org.junit.Test;

public class KustomizeImagesTest {
    private static final String FILE = "app/kustomization.yaml";
    private static final List<String> PATHS = ImageFile.DEFAULT_PATHS;
    private static final String APP = "ghcr.io/myorg/app";
    private static final String D1 = "sha256:" + "1".repeat(64);
    private static final String D2 = "sha256:" + "2".repeat(64);

    @Test
    public void readsEffectiveImages() throws Exception {
        String content = "images:\n- name: a\n  newTag: v1\n- name: b\n  newName: mirror/b\n  digest: " + D1
                + "\n- name: c\n  newTag: v3\n  digest: " + D2
                + "\n- name: d\n  newName: e\n- {name: f, newTag: 1.10}\n";
        assertThat(
                ImageFile.read(FILE, bytes(content), PATHS),
                contains(
                        new ImageEntry(new ImageReference("a", "v1", null), new SourceLocation(FILE, 2, 3), "a"),
                        new ImageEntry(new ImageReference("mirror/b", null, D1), new SourceLocation(FILE, 4, 3), "b"),
                        new ImageEntry(new ImageReference("c", "v3", D2), new SourceLocation(FILE, 7, 3), "c"),
                        new ImageEntry(new ImageReference("f", "1.10", null), new SourceLocation(FILE, 12, 3), "f")));
    }

    @Test
    public void readsThroughAliasesAndMergeKeys() throws Exception {
        String content = "images:\n- &a {name: a, newTag: v1}\n- <<: *a\n  name: b\n- <<: [*a]\n  newTag: v3\n";
        assertThat(
                ImageFile.read(FILE, bytes(content), PATHS).stream()
                        .map(e -> e.image().toString())
                        .toList(),
                contains("a:v1", "b:v1", "a:v3"));
    }

    @Test
    public void aFileWithoutImagesHasNone() throws Exception {
        for (String content : new String[] {"", "# c\n", "---\n", "resources: [a]\n", "images:\n", "images: []\n"}) {
            assertThat(content, ImageFile.read(FILE, bytes(content), PATHS), is(empty()));
            assertThat(content, ImageFile.present(FILE, bytes(content), PATHS), is(false));
        }
    }

    @Test
    public void setsTheTagAndNothingElse() throws Exception {
        sets(
                "images:\n- name: " + APP + "\n  newTag: \"v1\" # CI\n",
                "v2",
                null,
                "images:\n- name: " + APP + "\n  newTag: \"v2\" # CI\n");
        sets(
                "images:\r\n  - newTag: 'v1'\r\n    name: " + APP,
                "v2",
                null,
                "images:\r\n  - newTag: 'v2'\r\n    name: " + APP);
        sets(
                "images: [{name: " + APP + ", newTag: v1}, {name: b, newTag: v1}]\n",
                "v2",
                null,
                "images: [{name: " + APP + ", newTag: v2}, {name: b, newTag: v1}]\n");
        sets(
                "{\"images\":[{\"name\":\"" + APP + "\",\"newTag\":\"v1\"}]}",
                "v2",
                null,
                "{\"images\":[{\"name\":\"" + APP + "\",\"newTag\":\"v2\"}]}");
        sets(
                "images:\n- name: x\n  newName: " + APP + "\n  newTag: v1\n",
                "v2",
                null,
                "images:\n- name: x\n  newName: " + APP + "\n  newTag: v2\n");
        sets(
                "images:\n- name: " + APP + "\n  newTag: v1\n",
                "1.10",
                null,
                "images:\n- name: " + APP + "\n  newTag: \"1.10\"\n");
        sets(
                "images:\n- name: " + APP + "\n  newTag: 1.10\n",
                "1.10",
                null,
                "images:\n- name: " + APP + "\n  newTag: \"1.10\"\n");
        sets(
                "c: &x {a: b}\nd: *x\nimages:\n- name: " + APP + "\n  newTag: &t v1\n",
                "v2",
                null,
                "c: &x {a: b}\nd: *x\nimages:\n- name: " + APP + "\n  newTag: &t v2\n");
        sets(
                "images:\n- &a {name: b, newTag: v1}\n- <<: *a\n  name: c\n- name: " + APP + "\n  newTag: v1\n",
                "v2",
                null,
                "images:\n- &a {name: b, newTag: v1}\n- <<: *a\n  name: c\n- name: " + APP + "\n  newTag: v2\n");
        sets(
                "---\nimages:\n- name: " + APP + "\n  newTag: v1\n---\nother: 1\n",
                "v2",
                null,
                "---\nimages:\n- name: " + APP + "\n  newTag: v2\n---\nother: 1\n");
    }

    @Test
    public void theSameValueGivesTheSameBytes() throws Exception {
        String tag = "images:\n- {name: " + APP + ", newTag: 'v1'  }   # \ud83d\ude80";
        sets(tag, "v1", null, tag);
        String both = "images:\n- digest: " + D1 + "\n  name: " + APP + "\n  newTag: v1\n";
        sets(both, "v1", D1, both);
    }

    @Test
    public void writesAMissingTagIntoTheEntry() throws Exception {
        sets("images:\n- name: " + APP + "\n", "v2", null, "images:\n- name: " + APP + "\n  newTag: v2\n");
        sets("images:\n- name: " + APP, "v2", null, "images:\n- name: " + APP + "\n  newTag: v2");
        sets(
                "images:\r\n-   name: " + APP + " # c\r\n- name: b\r\n",
                "1e3",
                null,
                "images:\r\n-   name: " + APP + " # c\r\n    newTag: \"1e3\"\r\n- name: b\r\n");
        sets(
                "images:\n    - name: " + APP + "\n      newName: m\n      # end\nz: 1\n",
                "v2",
                null,
                "images:\n    - name: " + APP + "\n      newName: m\n      newTag: v2\n      # end\nz: 1\n");
        sets("images:\n-\n   name: " + APP + "\n", "v2", null, "images:\n-\n   name: " + APP + "\n   newTag: v2\n");
        sets("images: [{name: " + APP + "}]\n", "v2", null, "images: [{name: " + APP + ", newTag: v2}]\n");
        sets(
                "{\"images\":[{\"name\":\"" + APP + "\"}]}",
                "v2",
                null,
                "{\"images\":[{\"name\":\"" + APP + "\", \"newTag\": \"v2\"}]}");
        sets(
                "images:\n- name: " + APP + "\n",
                "v2",
                D1,
                "images:\n- name: " + APP + "\n  newTag: v2\n  digest: " + D1 + "\n");
        sets("images:\n- name: " + APP + "\n  newTag:\n", "v2", null, "images:\n- name: " + APP + "\n  newTag: v2\n");
    }

    @Test
    public void tagReplacesADigestAndViceVersa() throws Exception {
        sets(
                "images:\n- name: " + APP + "\n  digest: " + D1 + " # pinned\n",
                "v2",
                null,
                "images:\n- name: " + APP + "\n  newTag: v2 # pinned\n");
        sets(
                "images:\n- digest: " + D1 + "\n  name: " + APP + "\n",
                "v2",
                null,
                "images:\n- newTag: v2\n  name: " + APP + "\n");
        sets(
                "images:\n- name: " + APP + "\n  newTag: \"v1\" # CI\n",
                null,
                D1,
                "images:\n- name: " + APP + "\n  digest: \"" + D1 + "\" # CI\n");
        sets(
                "images: [{name: " + APP + ", newTag: v1}]\n",
                null,
                D1,
                "images: [{name: " + APP + ", digest: \"" + D1 + "\"}]\n");
        sets(
                "images:\n- digest: " + D1 + "\n  name: " + APP + "\n  newTag: v1\n",
                "v2",
                null,
                "images:\n- name: " + APP + "\n  newTag: v2\n");
        sets(
                "images:\n- name: " + APP + "\n  newTag: v1\n  digest: " + D1,
                "v2",
                null,
                "images:\n- name: " + APP + "\n  newTag: v2");
        sets(
                "images:\n- name: " + APP + "\n  newTag: v1\n  digest: " + D1 + "\n",
                null,
                D2,
                "images:\n- name: " + APP + "\n  digest: " + D2 + "\n");
        sets(
                "images:\n- name: " + APP + "\n  newTag: v1\n  digest: " + D1 + "\n",
                "v2",
                D2,
                "images:\n- name: " + APP + "\n  newTag: v2\n  digest: " + D2 + "\n");
        sets(
                "images:\n- {name: " + APP + ", digest: \"" + D1 + "\", newTag: v1}\n",
                "v2",
                null,
                "images:\n- {name: " + APP + ", newTag: v2}\n");
    }

    @Test
    public void rejectsMissingOrAmbiguousEntry() {
        refuses(
                "resources: [a]\n",
                FILE + ": There is no list of images here, so nothing to set for image " + APP
                        + ". Add it with create: true, or add images with \"name: " + APP
                        + "\" and a newTag in Git first.");
        refuses(
                "images:\n- name: b\n- name: a\n  newName: c\n",
                FILE + ":2:1: There is no entry for image " + APP
                        + " here. Use one of b, a, or add the entry with create: true.");
        StringBuilder many = new StringBuilder("images:\n");
        for (int i = 1; i <= 25; i++) {
            many.append("- name: i" + i + "\n");
        }
        refuses(
                many.toString(),
                FILE + ":2:1: There is no entry for image " + APP + " here. Use one of i1, i2, i3, i4, i5, i6, i7, i8,"
                        + " i9, i10, i11, i12, i13, i14, i15, i16, i17, i18,"
                        + " i19, i20 and 5 more, or add the entry with"
                        + " create: true.");
        refuses(
                "images:\n- name: " + APP + "\n- name: x\n  newName: " + APP + "\n",
                FILE
                        + ":3:3: There is a second entry for image " + APP
                        + ", after line 2. Remove one of the two in Git first.");
    }

    @Test
    public void rejectsSharedNodes() {
        refuses(
                "images:\n- &a\n  name: " + APP + "\n  newTag: v1\nother: *a\n",
                FILE + ":2:3: The entry of image " + APP
                        + " is anchored as &a and used elsewhere in the file. Write the entry out at both places in"
                        + " Git first.");
        refuses(
                "images: &i\n- name: " + APP + "\nother: *i\n",
                FILE + ":1:9: The entry of image " + APP
                        + " is anchored as &i and used elsewhere in the file. Write the entry out at both places in"
                        + " Git first.");
        refuses(
                "x: &a {name: " + APP + "}\nimages:\n- *a\n",
                FILE + ":3:3: The entry of image " + APP + " is the alias *a. Write the value out here in Git first.");
        refuses(
                "x: &a [{name: " + APP + "}]\nimages: *a\n",
                FILE + ":2:9: The entry of image " + APP + " is the alias *a. Write the value out here in Git first.");
        refuses(
                "x: &t v1\nimages:\n- name: " + APP + "\n  newTag: *t\n",
                FILE + ":4:11: newTag is the alias *t. Write the value out here in Git first.");
        refuses(
                "images:\n- name: " + APP + "\n  newTag: &t v1\nx: *t\n",
                FILE + ":3:11: The value is anchored as &t and"
                        + " used elsewhere in the file. Write the value out at both places in Git first.");
        refuses(
                "images:\n- &a {name: b, newTag: v1}\n- <<: *a\n  name: " + APP + "\n",
                FILE + ":3:3: The entry of image " + APP
                        + " takes values from a merge key. Write the entry out in Git first.");
        refuses(
                "<<: {images: []}\n",
                FILE + ":1:1: The images may come from this merge key. Write the list of images out in Git first.");
    }

    @Test
    public void rejectsWhatKustomizeReadsDifferently() {
        refuses("Images: []\n", FILE + ":1:1: \"Images\" is misspelled. Write images.");
        refuses("images:\n- name: " + APP + "\n  newtag: v1\n", FILE + ":3:3: \"newtag\" is misspelled. Write newTag.");
        refuses(
                "images:\n- name: " + APP + "\n  tag: v1\n",
                FILE + ":3:3: \"tag\" is not a key of an image entry. Use one"
                        + " of name, newName, newTag, digest, tagSuffix.");
        refuses(
                "a: 1\n---\nimages:\n- name: " + APP + "\n",
                FILE + ":3:1: These images are after the first document,"
                        + " where kustomize does not read them. Move them into the first document in Git first.");
        refuses(
                "images: {name: a}\n",
                FILE + ":1:9: images is not a list. Write a list of entries with name and newTag.");
        refuses("images: [a]\n", FILE + ":1:10: This entry of images is not a mapping. Write name and newTag here.");
        refuses("images: [{newTag: v1}]\n", FILE + ":1:10: This entry of images has no name. Write the image's name.");
        refuses(
                "images:\n- name: " + APP + "\n  newTag: [v1]\n",
                FILE + ":3:11: newTag is not a string. Write a string here.");
        refuses("[a]\n", FILE + ":1:1: This is not a kustomization. Name a file with a list of images.");
    }

    @Test
    public void rejectsEditsThatWouldChangeOtherBytes() {
        refuses(
                "images:\n- name: " + APP + "\n  newTag: |-\n    v1\n",
                FILE + ":3:11: The value is written over several lines. Write it on one line in Git first.");
        refuses(
                "images:\n- name: >-\n    " + APP + "\n",
                FILE + ":2:3: \"name\" is not on its own line. Write it on one line in Git first.");
        refuses(
                "images:\n- ? name\n  : " + APP + "\n",
                FILE + ":2:5: \"name\" is not on its own line. Write it on one line in Git first.");
        refuses(
                "images:\n- digest: " + D1 + "\n  # why\n  name: " + APP + "\n  newTag: v1\n",
                FILE + ":2:3: \"digest\" is not on its own line. Write it on one line in Git first.");
    }

    @Test
    public void rejectsEmptyValue() {
        assertThat(
                assertThrows(
                                UserErrorException.class,
                                () -> ImageFile.set(
                                        FILE,
                                        bytes("images: []\n"),
                                        PATHS,
                                        List.of(new ImageReference(APP, null, null)),
                                        false))
                        .getMessage(),
                is("No tag and no digest for image " + APP + ". Give tag or digest."));
    }

    private static void sets(String before, @CheckForNull String tag, @CheckForNull String digest, String after)
            throws UserErrorException {
        byte[] result = ImageFile.set(FILE, bytes(before), PATHS, List.of(new ImageReference(APP, tag, digest)), false);
        assertThat(new String(result, UTF_8), is(after));
        byte[] again = ImageFile.set(FILE, result, PATHS, List.of(new ImageReference(APP, tag, digest)), false);
        assertThat("a second time", new String(again, UTF_8), is(after));
    }

    private static void refuses(String content, String message) {
        UserErrorException refused = assertThrows(
                UserErrorException.class,
                () -> ImageFile.set(FILE, bytes(content), PATHS, List.of(new ImageReference(APP, "v2", null)), false));
        assertThat(refused.getMessage(), is(message));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
