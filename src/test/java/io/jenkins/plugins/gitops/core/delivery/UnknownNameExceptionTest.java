package io.jenkins.plugins.gitops.core.delivery;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.util.function.Predicate;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

/** Messages list only names that the caller may see, and point out a required policy. */
public class UnknownNameExceptionTest {
    private static UnknownNameException unknown(ThrowingRunnable work) {
        return assertThrows(UnknownNameException.class, work);
    }

    @Test
    public void listsOnlyVisibleNames() throws Exception {
        Delivery delivery = Delivery.load(InMemoryFileTree.example("config-repo"));
        UnknownNameException application = unknown(() -> delivery.target("billing", "dev"));
        assertThat(application.kind(), is(UnknownNameException.NameKind.APPLICATION));
        assertThat(
                application.listing("my-app"::equals).getMessage(),
                is("gitops.yaml: There is no application \"billing\". Use one of my-app."));
        UnknownNameException environment = unknown(() -> delivery.target("my-app", "qa"));
        assertThat(environment.kind(), is(UnknownNameException.NameKind.ENVIRONMENT));
        assertThat(
                environment.listing("dev"::equals).getMessage(),
                is("gitops.yaml: There is no environment \"qa\". Use one of dev."));
    }

    @Test
    public void listsNothingWithoutPermission() throws Exception {
        Delivery delivery =
                Delivery.load(InMemoryFileTree.example("config-repo").without(Delivery.FILE));
        Predicate<String> nothing = name -> false;
        String message = unknown(() -> delivery.target("billing", "dev"))
                .listing(nothing)
                .getMessage();
        assertThat(
                message.startsWith("There is no application \"billing\". Declare where targets are with "), is(true));
        for (String name : new String[] {"frontend", "my-app", "payments-api"}) {
            assertThat(name, message.contains(name), is(false));
        }
    }

    @Test
    public void missingFolderSuggestsAddingItOrAnotherEnvironment() throws Exception {
        Delivery delivery = Delivery.load(new InMemoryFileTree()
                .with("services/shop/overlays/dev/kustomization.yaml", "resources: []\n")
                .with("services/cart/overlays/qa/kustomization.yaml", "resources: []\n"));
        UnknownNameException missing = unknown(() -> delivery.target("shop", "qa"));
        assertThat(missing.getMessage().endsWith("Use one of dev, or add the folder."), is(true));
        assertThat(missing.listing(name -> false).getMessage().endsWith(". Add the folder."), is(true));
    }

    @Test
    public void aRequiredPolicyNamesTheEnvironment() throws Exception {
        Delivery.load(InMemoryFileTree.example("config-repo")).requirePolicy("production");
        refused(
                InMemoryFileTree.example("config-repo").without(Delivery.FILE),
                "dev",
                "There is no gitops.yaml at the root of the config repository, which may not be changed without a"
                        + " policy. Add or restore it on the branch that Jenkins writes, with dev under environments.");
        refused(
                InMemoryFileTree.example("config-repo")
                        .with(Delivery.FILE, "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\n"),
                "dev",
                "gitops.yaml: No environment is named, and this config repository may not be changed without"
                        + " a policy. Name dev with its policy under environments.");
        refused(
                InMemoryFileTree.example("config-repo"),
                "qa",
                "gitops.yaml: There is no environment \"qa\". Use one of dev, staging, production.");
    }

    private static void refused(InMemoryFileTree tree, String environment, String message) throws Exception {
        Delivery delivery = Delivery.load(tree);
        UserErrorException refused = assertThrows(UserErrorException.class, () -> delivery.requirePolicy(environment));
        assertThat(refused.getMessage(), is(message));
    }
}
