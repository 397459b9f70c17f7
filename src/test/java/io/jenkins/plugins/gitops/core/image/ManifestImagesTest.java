package io.jenkins.plugins.gitops.core.image;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import java.util.List;
import org.junit.Test;

public class ManifestImagesTest {
    private static final String HEAD = "apiVersion: apps/v1\nkind: Deployment\n";
    private final ImageFileEdits file = new ImageFileEdits("m/all.yaml");

    private static String pod(String containers) {
        return HEAD + "spec:\n  template:\n    spec:\n" + containers;
    }

    @Test
    public void setsTheImageOfEveryKind() throws Exception {
        for (String kind : List.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Rollout")) {
            String before = "apiVersion: x/v1\nkind: " + kind
                    + "\nspec: {template: {spec: {containers: [{name: a, image: 'o/a:v1'}]}}}\n";
            file.sets(before, "o/a:v2", before.replace("v1'", "v2'"));
        }
        String cron = "apiVersion: batch/v1\nkind: CronJob\nspec:\n  jobTemplate:\n    spec:\n      template:\n"
                + "        spec:\n          containers:\n          - image: o/a:v1\n            name: a\n";
        file.sets(cron, "o/a:v2", cron.replace("a:v1", "a:v2"));
        String pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: o/a:v1";
        file.sets(pod, "o/a:v2@" + ImageFileEdits.D1, pod.replace("a:v1", "a:v2@" + ImageFileEdits.D1));
    }

    @Test
    public void changesOneDocumentOfMany() throws Exception {
        String before = "\ufeff# all\r\n---\r\nkind: Service\r\napiVersion: v1\r\n---\r\n"
                + pod("      containers:\n      - name: b\n        image: o/b:v1 # b\n")
                        .replace("\n", "\r\n")
                + "---\r\n"
                + pod("      containers:\n      - name: a\n        image: \"o/a:v1\" # a\n")
                        .replace("\n", "\r\n");
        file.sets(before, "o/a:v2", before.replace("\"o/a:v1\"", "\"o/a:v2\""));
    }

    @Test
    public void anImageWithoutTagGetsOne() throws Exception {
        String before = pod("      containers:\n      - image: reg:5000/o/a\n");
        assertThat(file.read(before), is(empty()));
        file.sets(before, "reg:5000/o/a:v2", before.replace("o/a", "o/a:v2"));
    }

    @Test
    public void oneImageInSeveralContainersIsSetInAll() throws Exception {
        String before = pod("      initContainers:\n      - image: o/a:v1\n        args: [migrate]\n"
                + "      containers:\n      - image: o/b:v1\n      - image: 'o/a:v1' # main\n");
        assertThat(
                file.read(before),
                contains(new ImageReference("o/a", "v1", null), new ImageReference("o/b", "v1", null)));
        file.sets(before, "o/a:v2", before.replace("o/a:v1", "o/a:v2"));
        file.refuses(
                before.replace("'o/a:v1'", "o/a:v0"),
                "o/a:v2",
                "m/all.yaml:11:16: There is a second entry for image o/a, after line 7. Give both the same value in"
                        + " Git first.");
    }

    @Test
    public void setsImagesOfFluxObjectsAndCustomResources() throws Exception {
        String flux =
                "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec:\n  images:\n  - name: o/a\n"
                        + "    newTag: v1 # t\n";
        file.sets(flux, "o/a:v2", flux.replace("v1 #", "v2 #"));
        String release = "apiVersion: helm.toolkit.fluxcd.io/v2\n"
                + "kind: HelmRelease\n"
                + "spec:\n"
                + "  values:\n"
                + "    image: {repository: o/a, tag: v1}\n"
                + "    extraContainers: {containers: [{image: 'o/b:v1'}]}\n";
        file.sets(release, "o/a:v2", release.replaceFirst("tag: v1", "tag: v2"));
        String knative = "apiVersion: serving.knative.dev/v1\nkind: Service\n"
                + "spec: {template: {spec: {containers: [{image: 'o/a:v1'}]}}}\n";
        file.sets(knative, "o/a:v2", knative.replace("o/a:v1", "o/a:v2"));
        String custom = "apiVersion: x.io/v1\nkind: Fleet\nspec:\n  groups:\n  - pod:\n      initContainers:\n"
                + "      - image: o/a:v1\n      containers:\n      - image: o/a:v1\n";
        file.sets(custom, "o/a:v2", custom.replace("o/a:v1", "o/a:v2"));
        new ImageFileEdits("m/all.yaml", "spec.image", "spec.agents[name=x].tag")
                .sets(
                        "apiVersion: x.io/v1\nkind: Fleet\nspec: {image: 'o/a:v1'}\n",
                        "o/a:v2",
                        "apiVersion: x.io/v1\nkind: Fleet\nspec: {image: 'o/a:v2'}\n");
    }

    @Test
    public void whatOnlyLooksLikeAContainerIsNone() throws Exception {
        file.refuses(
                "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
                        + "spec: {x: {containers: [{image: 'o/a:v1'}]}}\n",
                "o/a:v2",
                "m/all.yaml: No container here has image o/a. Name a file with the containers of a workload.");
    }

    @Test
    public void setsAnchoredContainers() throws Exception {
        String before = pod("      containers:\n      - &c {image: 'o/a:v1'}\n      - *c\n");
        file.sets(before, "o/a:v2", before.replace("o/a:v1", "o/a:v2"));
    }

    @Test
    public void setsAnotherRepository() throws Exception {
        String before = pod("      containers:\n      - image: o/a:v1\n");
        file.renames(before, "o/a", "m/a:v2", before.replace("o/a:v1", "m/a:v2"));
    }

    @Test
    public void rejectsAmbiguousManifests() {
        String other = pod("      containers:\n      - image: o/b:v1\n");
        file.refuses(
                other,
                "o/a:v1",
                "m/all.yaml: No container here has image o/a. Use one of o/b, or add the container in Git first.");
        file.refusesToCreate(
                other,
                "o/a:v1",
                "m/all.yaml: No container here has image o/a, and none can be added. Add the container in Git first.");
        file.refuses(
                "apiVersion: v1\nkind: Service\n",
                "o/a:v1",
                "m/all.yaml: No container here has image o/a. Name a file with the containers of a workload.");
        file.refuses(
                pod("      containers:\n      - &c {image: 'o/a:v1'}\n      other: *c\n"),
                "o/a:v2",
                "m/all.yaml:7:9: image o/a is anchored as &c and used elsewhere in the file. Write it out at both"
                        + " places in Git first.");
        file.refuses(
                "x: &i o/a:v1\n" + pod("      containers:\n      - image: *i\n"),
                "o/a:v2",
                "m/all.yaml:8:16: image o/a is reached through the alias *i. Write it out here in Git first.");
        file.refuses(
                pod("      containers:\n      - image: >-\n          o/a:v1\n"),
                "o/a:v2",
                "m/all.yaml:7:16: The value is written over several lines. Write it on one line in Git first.");
    }
}
