package io.jenkins.plugins.gitops;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import org.junit.Test;

/** Arrows point only downwards, and nothing that Jenkins loads can reach a Kubernetes client. */
public class ArchitectureTest {
    private static final String BASE = "io.jenkins.plugins.gitops.";
    private static final String[] PLUGIN = {
        BASE + "steps..",
        BASE + "config..",
        BASE + "repository..",
        BASE + "webhook..",
        BASE + "status..",
        BASE + "await..",
        BASE + "reconcile..",
        BASE + "promotion..",
        BASE + "ui.."
    };
    // The agent's classes lie beside the tests in the plugin's build, so they are told by package, not by folder.
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/") || location.contains("/gitops/agent/"))
            .withImportOption(new ImportOption.DoNotIncludeJars())
            .importPackages("io.jenkins.plugins.gitops");

    @Test
    public void coreKnowsNeitherJenkinsNorKubernetesNorWhatStandsAboveIt() {
        check(noClasses()
                .that()
                .resideInAPackage(BASE + "core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("hudson..", "jenkins..", "org.kohsuke..", "org.jenkinsci..", "io.fabric8..")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(with(PLUGIN, BASE + "agent..")));
    }

    @Test
    public void agentKnowsNoJenkins() {
        check(noClasses()
                .that()
                .resideInAPackage(BASE + "agent..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("hudson..", "jenkins..", "org.kohsuke..", "org.jenkinsci..")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(PLUGIN));
    }

    @Test
    public void onlyTheAgentReachesKubernetes() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(BASE + "agent..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8..", BASE + "agent.."));
    }

    @Test
    public void nothingDependsOnTheDashboard() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(BASE + "ui..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BASE + "ui.."));
    }

    @Test
    public void corePackagesHaveNoCycles() {
        check(slices().matching(BASE + "core.(*)..").should().beFreeOfCycles());
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CLASSES);
    }

    private static String[] with(String[] packages, String another) {
        String[] all = Arrays.copyOf(packages, packages.length + 1);
        all[packages.length] = another;
        return all;
    }
}
