package io.jenkins.plugins.gitops.core.image;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import org.junit.Test;

public class ApplicationImagesTest {
    private static final String HEAD =
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: a-dev # n\nspec:\n";
    private static final String D1 = ImageFileEdits.D1;
    private final ImageFileEdits file = new ImageFileEdits("argocd/a.yaml");
    private final ImageFileEdits backend = new ImageFileEdits("argocd/a.yaml", "backend.image");

    private static String source(String lines) {
        return HEAD + "  source:\n    path: p\n" + lines;
    }

    private static String kustomize(String items) {
        return source("    kustomize:\n      images:\n" + items + "  destination: {namespace: dev}\n");
    }

    private static String parameters(String items) {
        return source("    helm:\n      parameters:\n" + items + "  project: x\n");
    }

    @Test
    public void setsKustomizeImages() throws Exception {
        file.sets(kustomize("      - o/a:v1 # t\n"), "o/a:v2", kustomize("      - o/a:v2 # t\n"));
        file.sets(kustomize("      - 'o/a:v1'\n"), "o/a:v2", kustomize("      - 'o/a:v2'\n"));
        file.sets(kustomize("      - x=o/a:v1\n"), "o/a:v2", kustomize("      - x=o/a:v2\n"));
        file.sets(
                kustomize("      - o/a=m.io:5000/a:v1\n"), "m.io:5000/a:v2", kustomize("      - o/a=m.io:5000/a:v2\n"));
        file.sets(kustomize("      - o/a@" + D1 + "\n"), "o/a:v2", kustomize("      - o/a:v2\n"));
        file.sets(
                kustomize("      - x=o/a@" + D1 + "\n"),
                "o/a@" + ImageFileEdits.D2,
                kustomize("      - x=o/a@" + ImageFileEdits.D2 + "\n"));
        file.sets(kustomize("      - o/a=*:v1\n"), "o/a:v2", kustomize("      - o/a=*:v2\n"));
        file.sets(
                source("    kustomize: {images: [o/b:v1, o/a:v1]}\n"),
                "o/a:v2",
                source("    kustomize: {images: [o/b:v1, o/a:v2]}\n"));
        String several = HEAD + "  sources:\n  - chart: c\n  - path: p\n    kustomize:\n      images: ['x=o/a:v1']";
        file.sets(several, "o/a:v2", several.replace("v1'", "v2'"));
        String documents = "# one\n---\nkind: Namespace\napiVersion: v1\n---\n" + kustomize("      - o/a:v1\n");
        file.sets(documents, "o/a:v2", documents.replace("a:v1", "a:v2"));
        String windows = kustomize("      - o/a:v1\n").replace("\n", "\r\n");
        file.sets(windows, "o/a:v2", windows.replace("a:v1", "a:v2"));
    }

    @Test
    public void imageIsFoundByItsKeyWhichIsKept() throws Exception {
        file.renames(kustomize("      - x=o/a:v1\n"), "x", "m/a:v2", kustomize("      - x=m/a:v2\n"));
        file.renames(kustomize("      - o/a:v1\n"), "o/a", "m/a:v2", kustomize("      - o/a=m/a:v2\n"));
        assertThat(
                file.read(kustomize("      - x=o/a:v1\n      - y=o/y\n      - z:v3@" + D1 + "\n")),
                contains(new ImageReference("o/a", "v1", null), new ImageReference("z", "v3", D1)));
    }

    @Test
    public void setsHelmParameters() throws Exception {
        file.sets(
                parameters("      - name: image.repository\n        value: o/a\n"
                        + "      - name: image.tag # t\n        value: \"1.9\" # v\n        forceString: true\n"),
                "o/a:1.10",
                parameters("      - name: image.repository\n        value: o/a\n"
                        + "      - name: image.tag # t\n        value: \"1.10\" # v\n        forceString: true\n"));
        file.sets(
                parameters("      - {name: image.tag, value: v1}\n"),
                "image:v2",
                parameters("      - {name: image.tag, value: v2}\n"));
        backend.sets(
                parameters(
                        "      - value: v1\n        name: backend.image.tag\n      - name: backend.image.repository\n"
                                + "        value: o/a\n"),
                "o/a:v2",
                parameters(
                        "      - value: v2\n        name: backend.image.tag\n      - name: backend.image.repository\n"
                                + "        value: o/a\n"));
        file.sets(
                parameters("      - name: image\n        value: o/a:v1\n"),
                "o/a:v2",
                parameters("      - name: image\n        value: o/a:v2\n"));
        file.sets(
                parameters(
                        "        - name: image.repository\n          value: o/a # r\n        - name: z\n          value: z\n"),
                "o/a:v2",
                parameters("        - name: image.repository\n          value: o/a # r\n        - name: image.tag\n"
                        + "          value: v2\n          forceString: true\n        - name: z\n          value: z\n"));
        file.renames(
                parameters("      - {name: image.repository, value: o/a}\n      - {name: image.tag, value: v1}\n"),
                "image",
                "m/a:v2",
                parameters("      - {name: image.repository, value: m/a}\n      - {name: image.tag, value: v2}\n"));
    }

    @Test
    public void numericTagNeedsForceString() throws Exception {
        file.refuses(
                parameters("      - name: image.tag\n        value: v1\n"),
                "image:20240101",
                "argocd/a.yaml:10:9: Helm reads 20240101 as something other than a string here. Write \"forceString:"
                        + " true\" below image.tag in Git first.");
        file.sets(
                parameters("      - name: image.tag\n        value: v1\n"),
                "image:1.10",
                parameters("      - name: image.tag\n        value: \"1.10\"\n"));
    }

    @Test
    public void setsTheValuesObject() throws Exception {
        String before = source("    helm:\n      valuesObject:\n        image:\n          repository: o/a\n"
                + "          tag: v1 # t\n");
        file.sets(before, "o/a:v2", before.replace("v1 #", "v2 #"));
        String flow = source("    helm: {valuesObject: {backend: {image: {repository: o/a, tag: v1}}}}\n");
        backend.sets(flow, "o/a:1.10", flow.replace("v1}", "\"1.10\"}"));
    }

    @Test
    public void createsWhatIsMissing() throws Exception {
        file.creates(source(""), "o/a:v1", source("    kustomize:\n      images:\n      - o/a:v1\n"));
        file.creates(
                source("    directory: {}\n  syncPolicy:\n    syncOptions:\n      - A=b\n"),
                "o/a:v1",
                source("    directory: {}\n    kustomize:\n      images:\n        - o/a:v1\n"
                        + "  syncPolicy:\n    syncOptions:\n      - A=b\n"));
        file.creates(
                kustomize("        - o/b:v1 # b\n"), "o/a:v1", kustomize("        - o/b:v1 # b\n        - o/a:v1\n"));
        file.creates(
                source("    chart: c"),
                "o/a:v1",
                source(
                        "    chart: c\n    helm:\n      parameters:\n      - name: image.repository\n        value: o/a\n"
                                + "      - name: image.tag\n        value: v1\n        forceString: true"));
        file.creates(
                source("    helm:\n      valuesObject: {a: 1}\n"),
                "o/a:v1",
                source("    helm:\n      valuesObject: {a: 1, image: {repository: o/a, tag: v1}}\n"));
        file.creates(
                source("    helm:\n      parameters: []\n"),
                "o/a:v1",
                source("    helm:\n      parameters: [{name: image.repository, value: o/a},"
                        + " {name: image.tag, value: v1, forceString: true}]\n"));
    }

    @Test
    public void rejectsAmbiguousManifests() {
        file.refuses(
                source(""), "o/a:v1", "argocd/a.yaml: This Application sets no image o/a. Add it with create: true.");
        file.refuses(
                kustomize("      - o/b:v1\n"),
                "o/a:v1",
                "argocd/a.yaml: This Application sets no image o/a. Use one of o/b, or add it with create: true.");
        file.refuses(
                source("    helm:\n      values: |\n        image:\n          tag: v1\n"),
                "o/a:v1",
                "argocd/a.yaml:9:15: The image is in values, a block of text, in which images cannot be set. Write"
                        + " valuesObject or parameters instead of values.");
        file.refuses(
                source("    helm:\n      values: |\n        replicas: 1\n"),
                "o/a:v1",
                "argocd/a.yaml: This Application sets no image o/a. Add it with create: true.");
        file.refuses(
                kustomize("      - o/a:v1\n      - x=o/a:v1\n"),
                "o/a:v2",
                "argocd/a.yaml:11:9: There is a second entry for image o/a, after line 10. Remove one of the two in"
                        + " Git first.");
        file.refuses(
                parameters("      - {name: image.tag, value: v1}\n      - {name: image.tag, value: v2}\n"),
                "image:v3",
                "argocd/a.yaml:11:9: There is a second parameter image.tag, after line 10. Remove one of the two in"
                        + " Git first.");
        file.refuses(
                parameters("      - {name: image.tag}\n"),
                "image:v3",
                "argocd/a.yaml:10:9: The parameter image.tag has no value. Write value: \"\" next to its name in Git"
                        + " first.");
        file.refusesToCreate(
                HEAD + "  sources: [{path: p}, {path: q}]\n",
                "o/a:v1",
                "argocd/a.yaml: This file has 2 sources, and image o/a could belong to each. Write the entry in Git"
                        + " first.");
        file.refuses(
                kustomize("      - &i o/a:v1\n") + "  x: *i\n",
                "o/a:v2",
                "argocd/a.yaml:10:9: image o/a is anchored as &i and used elsewhere in the file. Write it out at both"
                        + " places in Git first.");
    }
}
