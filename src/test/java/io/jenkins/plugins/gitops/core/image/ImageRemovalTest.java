package io.jenkins.plugins.gitops.core.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** What was added with create is removed, byte for byte. */
public class ImageRemovalTest {
    private static final List<ImageReference> ADDED = List.of(new ImageReference("r.io/new", "v2", null));

    @Test
    public void undoesEachWayToAddAnImage() throws Exception {
        for (String[] row : new String[][] {
            {"kustomization.yaml", "kind: Kustomization\n"},
            {"kustomization.yaml", "kind: Kustomization"},
            {"kustomization.yaml", "kind: Kustomization\r\nresources: [a]\r\n"},
            {"kustomization.yaml", "images:\nresources: [a]\n"},
            {"kustomization.yaml", "images: ~\nresources: [a]\n"},
            {"kustomization.yaml", "images: []\n"},
            {"kustomization.yaml", "images: [{name: a, newTag: b}] # c\n"},
            {"kustomization.yaml", "images:\n- name: a\n  newTag: v2\nresources: [a]\n"},
            {"kustomization.yaml", "images:\n  - name: a\n    newTag: v2 # c\n\n# end\n"},
            {"kustomization.yaml", "images:\n- name: r.io/new\n"},
            {"image-tag.yaml", ""},
            {"values.yaml", "replicas: 2\n"},
            {"values.yaml", "image:\n  pullPolicy: Always\nreplicas: 2\n"},
            {"values.yaml", "image:\n  repository: r.io/new\n  tag: \"\"\n"},
            {"values.yaml", ""}
        }) {
            byte[] before = row[1].getBytes(UTF_8);
            byte[] after = ImageFile.set(row[0], before, List.of("image"), ADDED, true);
            assertThat(row[1], text(remove(row[0], after, before)), is(row[1]));
        }
    }

    @Test
    public void otherEditsAreKept() throws Exception {
        String before = "images:\n- name: a\n  newTag: v2\nresources: [a]\n";
        byte[] after = ImageFile.set("kustomization.yaml", before.getBytes(UTF_8), List.of(), ADDED, true);
        String edited = "# new\n" + text(after).replace("newTag: v2\n- ", "newTag: v3\n- ") + "namePrefix: x\n";
        assertThat(
                text(remove("kustomization.yaml", edited.getBytes(UTF_8), before.getBytes(UTF_8))),
                is("# new\n" + before.replace("v2", "v3") + "namePrefix: x\n"));
    }

    @Test
    public void imageEditedSinceIsRejected() throws Exception {
        String before = "images:\n- name: a\n  newTag: v2\n";
        String after = text(ImageFile.set("kustomization.yaml", before.getBytes(UTF_8), List.of(), ADDED, true));
        for (String edited : List.of(
                after.replace("  newTag: v2\n- name: r.io/new\n", "  newTag: v2\n- name: r.io/new # mine\n"),
                after.replace("- name: r.io/new\n", "- name: r.io/new\n  newName: other\n"),
                after + "- name: z\n  newTag: v1\n")) {
            assertThat(
                    assertThrows(
                                    UserErrorException.class,
                                    () -> remove("kustomization.yaml", edited.getBytes(UTF_8), before.getBytes(UTF_8)))
                            .getMessage(),
                    is(
                            "kustomization.yaml: The entry of image r.io/new, which was added here, has been edited since, so"
                                    + " it cannot be removed safely. Remove it in Git."));
        }
    }

    private static byte[] remove(String file, byte[] content, byte[] before) throws UserErrorException {
        List<ImageUpdateSpec> settings = new ArrayList<>();
        for (ImageReference image : ADDED) {
            settings.add(ImageUpdateSpec.of(image));
        }
        return ImageFile.of(file, List.of("image")).remove(content, before, settings);
    }

    private static String text(byte[] content) {
        return new String(content, UTF_8);
    }
}
