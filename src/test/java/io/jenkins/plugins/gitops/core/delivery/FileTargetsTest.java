package io.jenkins.plugins.gitops.core.delivery;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.util.List;
import org.junit.Test;

public class FileTargetsTest {
    private static final String IMAGES = "images: [{name: a/b, newTag: v1}]\n";
    private static final String PRODUCTION = "services/pay/overlays/production/image-tag.yaml";

    private final InMemoryFileTree tree = new InMemoryFileTree()
            .with("services/pay/overlays/dev/image-tag.yaml", IMAGES)
            .with(PRODUCTION, IMAGES);

    private static String application(String name, String path, String... valueFiles) {
        return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: " + name + "}\nspec:\n  source:\n"
                + "    path: " + path + "\n    helm:\n      valueFiles: [" + String.join(", ", valueFiles) + "]\n";
    }

    @Test
    public void fileBelongsToTheTargetOfItsFolder() throws Exception {
        assertThat(claims(PRODUCTION), contains("pay/production"));
        assertThat(claims("services/pay/overlays/production/deep/x.yaml"), contains("pay/production"));
        assertThat(claims("services/pay/overlays/gone/x.yaml"), is(empty()));
        assertThat(claims("services/pay/base/x.yaml"), is(empty()));
        assertThat(claims("README.md"), is(empty()));
        assertThat(claims(""), is(empty()));
        assertThat(claims("../x"), is(empty()));
    }

    @Test
    public void valueFileBelongsToEveryApplicationUsingIt() throws Exception {
        tree.with("argocd/x-dev.yaml", application("x-dev", "charts/x", "values-production.yaml"))
                .with("argocd/x-production.yaml", application("x-production", "charts/x", "values-production.yaml"))
                .with("charts/x/values-production.yaml", "image: {repository: a/b, tag: v1}\n");
        assertThat(claims("charts/x/values-production.yaml"), containsInAnyOrder("x/dev", "x/production"));
        refuses(
                "x",
                "dev",
                "charts/x/values-production.yaml",
                "charts/x/values-production.yaml: A change of this file for x/dev would also change x/production. Give"
                        + " each environment its own file, or list the file in sharedFiles of gitops.yaml.");
    }

    @Test
    public void layeredValueFileCountsToo() throws Exception {
        tree.with("argocd/x-dev.yaml", application("x-dev", "charts/x", "common.yaml"))
                .with("argocd/x-production.yaml", application("x-production", "charts/x", "common.yaml", "own.yaml"))
                .with("charts/x/common.yaml", "image: {repository: a/b, tag: v1}\n")
                .with("charts/x/own.yaml", "image: {repository: a/b, tag: v1}\n");
        refuses("x", "dev", "charts/x/common.yaml", "would also change x/production");
        assertThat(changedWith("x", "production", "charts/x/own.yaml"), contains("x/production"));
    }

    @Test
    public void applicationCannotUseFilesOfAnotherEnvironment() throws Exception {
        tree.with("argocd/evil-dev.yaml", application("evil-dev", "charts/evil", "../../" + PRODUCTION));
        assertThat(load().target("evil", "dev").imageFile(), is(PRODUCTION));
        refuses("evil", "dev", PRODUCTION, "would also change pay/production");
        // The owner of the file gets a message that explains why the file cannot be changed.
        refuses("pay", "production", PRODUCTION, "would also change evil/dev");
    }

    @Test
    public void targetsSharingAFileAreAllListed() throws Exception {
        tree.with("argocd/evil-production.yaml", application("evil-production", "charts/evil", "/" + PRODUCTION));
        assertThat(changedWith("evil", "production", PRODUCTION), contains("evil/production", "pay/production"));
    }

    @Test
    public void sharedFilesMustBeDeclared() throws Exception {
        tree.with(
                        "gitops.yaml",
                        header("sharedFiles: [charts/x/common.yaml]\nenvironments: [{name: dev}, {name: production}]"))
                .with("argocd/x-dev.yaml", application("x-dev", "charts/x", "common.yaml"))
                .with("argocd/x-production.yaml", application("x-production", "charts/x", "common.yaml"))
                .with("charts/x/common.yaml", "image: {repository: a/b, tag: v1}\n");
        assertThat(changedWith("x", "dev", "charts/x/common.yaml"), contains("x/dev", "x/production"));
    }

    @Test
    public void patternsDetermineFileOwnership() throws Exception {
        tree.with(
                        "gitops.yaml",
                        header("applications:\n"
                                + "- path: charts/{app}\n"
                                + "  imageFile: values-{env}.yaml\n"
                                + "- path: k8s/{env}\n"
                                + "  application: one\n"
                                + "- path: k8s/production/{env}/x\n"
                                + "  application: two\n"
                                + "environments: [{name: dev}, {name: production}]"))
                .with("charts/x/values-dev.yaml", "image: {repository: a/b, tag: v1}\n")
                .with("charts/x/values-production.yaml", "image: {repository: a/b, tag: v1}\n")
                .with("k8s/production/dev/x/image-tag.yaml", IMAGES);
        assertThat(claims("charts/x/values-dev.yaml"), contains("x/dev"));
        assertThat(claims("charts/x/values.yaml"), is(empty()));
        assertThat(claims("k8s/production/dev/x/image-tag.yaml"), contains("one/production", "two/dev"));
        refuses("two", "dev", "k8s/production/dev/x/image-tag.yaml", "would also change one/production");
    }

    @Test
    public void invalidSharedFilesAreRejected() {
        for (String value : List.of("yes", "[../x]", "[/x]", "[a, a]", "[[]]")) {
            tree.with("gitops.yaml", header("sharedFiles: " + value));
            assertThrows(value, UserErrorException.class, this::load);
        }
    }

    private static String header(String rest) {
        return "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\n" + rest + "\n";
    }

    private Delivery load() throws Exception {
        return Delivery.load(tree);
    }

    private List<String> claims(String file) throws Exception {
        return load().fileTargets(file).stream().map(Target::id).toList();
    }

    private List<String> changedWith(String app, String env, String file) throws Exception {
        Delivery delivery = load();
        return delivery.changedWith(delivery.target(app, env), List.of(file)).stream()
                .map(Target::id)
                .toList();
    }

    private void refuses(String app, String env, String file, String message) {
        assertThat(
                assertThrows(UserErrorException.class, () -> changedWith(app, env, file))
                        .getMessage(),
                containsString(message));
    }
}
