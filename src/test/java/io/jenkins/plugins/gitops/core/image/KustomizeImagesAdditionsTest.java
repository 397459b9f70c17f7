package io.jenkins.plugins.gitops.core.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;
import org.junit.Test;

/** New names, new entries, several images at once. */
public class KustomizeImagesAdditionsTest {
    private static final String FILE = "app/kustomization.yaml";
    private static final List<String> PATHS = ImageFile.DEFAULT_PATHS;
    private static final String D1 = ImageFileEdits.D1;

    @Test
    public void newNameAppliesToTheEntryOfTheManifestsName() throws Exception {
        ImageFileEdits file = new ImageFileEdits(FILE);
        file.renames(
                "images:\n- name: a # n\n  newTag: v1\n",
                "a",
                "m/a:v2",
                "images:\n- name: a # n\n  newName: m/a\n  newTag: v2\n");
        file.renames(
                "images:\n- name: a\n  newName: 'm/a' # m\n  newTag: v1\n- name: b\n  newName: a\n",
                "a",
                "r/a@" + D1,
                "images:\n- name: a\n  newName: 'r/a' # m\n  digest: " + D1 + "\n- name: b\n  newName: a\n");
        file.renames("images: [{name: a}]\n", "a", "m/a:v2", "images: [{name: a, newName: m/a, newTag: v2}]\n");
    }

    @Test
    public void createsWhatIsMissing() throws Exception {
        ImageFileEdits file = new ImageFileEdits(FILE);
        file.creates(
                "images:\n- name: b\n  newTag: v1 # b\nz: 1\n",
                "a:1.10",
                "images:\n- name: b\n  newTag: v1 # b\n- name: a\n  newTag: \"1.10\"\nz: 1\n");
        file.creates(
                "images:\r\n  -   name: b\r\n  # end",
                "a@" + D1,
                "images:\r\n  -   name: b\r\n  - name: a\r\n    digest: " + D1 + "\r\n  # end");
        file.creates(
                "resources:\n  - ../base # r\n",
                "a:v1@" + D1,
                "resources:\n  - ../base # r\nimages:\n  - name: a\n    newTag: v1\n    digest: " + D1 + "\n");
        file.creates("images:\n", "a:v1", "images:\n- name: a\n  newTag: v1\n");
        file.creates("images: # none\nz: 1", "a:v1", "images: # none\n- name: a\n  newTag: v1\nz: 1");
        file.creates("images: []\n", "a:v1", "images: [{name: a, newTag: v1}]\n");
        file.creates("images: ~\n", "a:v1", "images: [{name: a, newTag: v1}]\n");
        file.creates(
                "images: [\n  {name: b, newTag: v1},\n]\n",
                "a:v1",
                "images: [\n  {name: b, newTag: v1}, {name: a, newTag: v1},\n]\n");
        file.creates("", "a:v1", "images:\n- name: a\n  newTag: v1\n");
        file.creates("---\n# c\n", "a:v1", "---\n# c\nimages:\n- name: a\n  newTag: v1\n");
        file.creates("{kind: Kustomization}", "a:v1", "{kind: Kustomization, images: [{name: a, newTag: v1}]}");
        file.creates("images:\n-\n  name: b\n", "a:v1", "images:\n-\n  name: b\n- name: a\n  newTag: v1\n");
    }

    @Test
    public void rejectsCreationAtAnAmbiguousLocation() {
        ImageFileEdits file = new ImageFileEdits(FILE);
        file.refusesToCreate(
                "images: &i\n- name: b\nother: *i\n",
                "a:v1",
                FILE + ":1:9: images is anchored as &i and used elsewhere in the file. Write it out at both places in"
                        + " Git first.");
        file.refusesToCreate(
                "images:\n- name: b\n  newTag: |+\n    v1\n\n",
                "a:v1",
                FILE + ":3:11: Cannot determine where to add a line after this. Write the entry in" + " Git first.");
        file.refusesToCreate(
                "null\n",
                "a:v1",
                FILE + ":1:1: Cannot determine where to add a line after this. Write the entry in" + " Git first.");
    }

    @Test
    public void setsSeveralImagesOrNone() throws Exception {
        byte[] before = bytes("images:\n- {name: a, newTag: v1}\n- {name: b, newTag: v1}\n");
        ImageReference a = new ImageReference("a", "v2", null);
        ImageReference b = new ImageReference("b", "v3", null);
        assertThat(
                new String(ImageFile.set(FILE, before, PATHS, List.of(a, b), false), UTF_8),
                is("images:\n- {name: a, newTag: v2}\n- {name: b, newTag: v3}\n"));
        ImageReference c = new ImageReference("c", "v3", null);
        assertThrows(UserErrorException.class, () -> ImageFile.set(FILE, before, PATHS, List.of(a, c), false));
        assertThat(new String(before, UTF_8), is("images:\n- {name: a, newTag: v1}\n- {name: b, newTag: v1}\n"));
        assertThat(
                assertThrows(UserErrorException.class, () -> ImageFile.set(FILE, before, PATHS, List.of(a, a), false))
                        .getMessage(),
                is("Image a is requested twice. List it once."));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
