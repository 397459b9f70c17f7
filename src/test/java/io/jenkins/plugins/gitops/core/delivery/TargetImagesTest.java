package io.jenkins.plugins.gitops.core.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class TargetImagesTest {
    private static final String IMAGES = "images:\n- name: ghcr.io/o/a\n  newTag: v1\n";
    private static final Target TARGET = new Target("a", "dev", "t", null);

    @Test
    public void setsTheImagesOfTheExampleRepository() throws Exception {
        sets(
                "payments-api",
                "ghcr.io/myorg/payments-api",
                "services/payments-api/overlays/staging/image-tag.yaml",
                "newTag: \"sha-a1b2c3d\" #",
                "newTag: \"sha-0000001\" #");
        sets(
                "frontend",
                "company/frontend",
                "apps/frontend/overlays/staging/kustomization.yaml",
                "newTag: v1.2.5 #",
                "newTag: sha-0000001 #");
        sets(
                "my-app",
                "ghcr.io/myorg/my-app",
                "k8s/overlays/staging/kustomization.yaml",
                "newTag: sha-3f9d0c2 #",
                "newTag: sha-0000001 #");
    }

    private static void sets(String app, String name, String file, String before, String after) throws Exception {
        InMemoryFileTree tree = InMemoryFileTree.example("config-repo");
        Target target = Delivery.load(tree).target(app, "staging");
        String text = new String(tree.read(file).orElseThrow(), UTF_8);
        assertThat(TargetImages.imageFile(tree, target), is(file));
        byte[] set = TargetImages.set(tree, target, List.of(new ImageReference(name, "sha-0000001", null)), false)
                .get(file);
        assertThat(new String(set, UTF_8), is(text.replace(before, after)));
        assertThat(
                TargetImages.read(tree.with(file, new String(set, UTF_8)), target),
                contains(new ImageReference(name, "sha-0000001", null)));
    }

    @Test
    public void searchesFilesInTheDocumentedOrder() throws Exception {
        InMemoryFileTree tree = new InMemoryFileTree().with("t/Kustomization", "images:\n- name: ghcr.io/o/a\n");
        assertThat(TargetImages.imageFile(tree, TARGET), is("t/Kustomization"));
        tree.with("t/image-tag.yaml", IMAGES);
        assertThat(TargetImages.imageFile(tree, TARGET), is("t/image-tag.yaml"));
        tree.with("t/other/tags.yaml", IMAGES);
        Target named = new Target("a", "dev", "t", "t/other/tags.yaml");
        assertThat(TargetImages.imageFile(tree, named), is("t/other/tags.yaml"));
    }

    @Test
    public void findsTheComponentOfTheFixedLayout() throws Exception {
        InMemoryFileTree tree = new InMemoryFileTree()
                .with(
                        "t/kustomization.yaml",
                        "resources: [../b]\ncomponents: [../shared, https://x/y, hpa, image-tag]\n")
                .with("shared/kustomization.yaml", IMAGES)
                .with("t/hpa/kustomization.yaml", "kind: Component\n")
                .with("t/image-tag/kustomization.yaml", "kind: Component\n" + IMAGES);
        assertThat(TargetImages.imageFile(tree, TARGET), is("t/image-tag/kustomization.yaml"));
        assertThat(TargetImages.read(tree, TARGET), contains(new ImageReference("ghcr.io/o/a", "v1", null)));
    }

    @Test
    public void kustomizationIsFollowedByValuesAndThenManifests() throws Exception {
        String pods = "spec: {template: {spec: {containers: [{image: 'o/a:v1'}]}}}\n";
        InMemoryFileTree tree = new InMemoryFileTree()
                .with("t/service.yaml", "apiVersion: v1\nkind: Service\n")
                .with("t/settings.yaml", "image: {repository: o/a, tag: v1}\n")
                .with("t/run.yml", "apiVersion: apps/v1\nkind: Deployment\n" + pods);
        assertThat(TargetImages.imageFile(tree, TARGET), is("t/run.yml"));
        tree.with("t/job.yaml", "apiVersion: batch/v1\nkind: Job\n" + pods);
        assertThat(TargetImages.imageFiles(tree, TARGET), contains("t/job.yaml", "t/run.yml"));
        assertThat(TargetImages.read(tree, TARGET), contains(new ImageReference("o/a", "v1", null)));
        tree.with("t/values.yaml", "image: {repository: o/a, tag: v1}\n");
        assertThat(TargetImages.imageFile(tree, TARGET), is("t/values.yaml"));
        tree.with("t/values-x.yml", "image: {tag: v1}\n");
        refuses(
                tree,
                TARGET,
                "t: Images of a/dev are set in more than one values file: t/values-x.yml and t/values.yaml. Name the"
                        + " one to change with imageFile in gitops.yaml.");
        tree.with("t/values-dev.yaml", "image: {tag: v2}\n");
        assertThat(TargetImages.imageFile(tree, TARGET), is("t/values-dev.yaml"));
        assertThat(
                "a workload beside the chart has the image, too",
                TargetImages.read(tree, TARGET),
                contains(new ImageReference("o/a", "v2", null), new ImageReference("o/a", "v1", null)));
        tree.with("t/kustomization.yaml", "resources: [x]\n");
        assertThat(TargetImages.imageFile(tree, TARGET), is("t/values-dev.yaml"));
        Target paths = new Target("a", "dev", "t", null, List.of("x.image"), null);
        assertThat(
                "manifests have no paths", TargetImages.imageFile(tree.without("t/job.yaml"), paths), is("t/run.yml"));
    }

    @Test
    public void createsWhereImagesBelong() throws Exception {
        ImageReference image = new ImageReference("o/a", "v1", null);
        InMemoryFileTree bare = new InMemoryFileTree().with("t/kustomization.yaml", "resources: [x]\n");
        assertThat(
                created(bare, image), is("t/kustomization.yaml: resources: [x]\nimages:\n- name: o/a\n  newTag: v1\n"));
        InMemoryFileTree values = new InMemoryFileTree().with("t/values-dev.yaml", "replicas: 1\n");
        assertThat(
                created(values, image), is("t/values-dev.yaml: replicas: 1\nimage:\n  repository: o/a\n  tag: v1\n"));
        assertThrows(UserErrorException.class, () -> TargetImages.set(bare, TARGET, List.of(image), false));
        assertThrows(
                UserErrorException.class, () -> TargetImages.set(new InMemoryFileTree(), TARGET, List.of(image), true));
    }

    private static String created(InMemoryFileTree tree, ImageReference image) throws Exception {
        Map<String, byte[]> files = TargetImages.set(tree, TARGET, List.of(image), true);
        String file = files.keySet().iterator().next();
        return file + ": " + new String(files.get(file), UTF_8);
    }

    @Test
    public void rejectsMissingOrAmbiguousFile() {
        refuses(
                new InMemoryFileTree(),
                TARGET,
                "t: No image of a/dev is set here, neither in image-tag.yaml nor in kustomization.yaml, values or"
                        + " manifests. Add images with name and newTag to the kustomization.yaml in Git first.");
        refuses(
                new InMemoryFileTree().with("t/kustomization.yaml", "resources: [a]\n"),
                TARGET,
                "t: No image of a/dev is set here, neither in image-tag.yaml nor in kustomization.yaml, values or"
                        + " manifests. Add images with name and newTag to the kustomization.yaml in Git first.");
        refuses(
                new InMemoryFileTree().with("t/kustomization.yaml", IMAGES).with("t/kustomization.yml", IMAGES),
                TARGET,
                "t/kustomization.yml: There is a second kustomization in this folder besides t/kustomization.yaml."
                        + " Remove one of the two, because kustomize accepts neither.");
        refuses(
                new InMemoryFileTree(),
                new Target("a", "dev", "t", "t/tag.yaml"),
                "t/tag.yaml: This file is missing, but gitops.yaml names it for the image of a/dev. Add the file, or"
                        + " change imageFile in gitops.yaml.");
        InMemoryFileTree two = new InMemoryFileTree()
                .with("t/kustomization.yaml", "components: [one, two.yaml]\n")
                .with("t/one/kustomization.yaml", IMAGES)
                .with("t/two.yaml", IMAGES);
        refuses(
                two,
                TARGET,
                "t: Images of a/dev are set in more than one component: t/one/kustomization.yaml and t/two.yaml."
                        + " Name the one to change with imageFile in gitops.yaml.");
    }

    private static void refuses(InMemoryFileTree tree, Target target, String message) {
        assertThat(
                assertThrows(UserErrorException.class, () -> TargetImages.imageFile(tree, target))
                        .getMessage(),
                is(message));
    }
}
