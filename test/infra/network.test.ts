import { describe, expect, test } from "vitest";
import { Refused } from "../../shared/failures.ts";
import { statementsOf } from "./statements.ts";
import { resources, synthesise } from "./synthesis.ts";

const network = {
  vpc: "vpc-0a1b2c3d",
  subnets: ["subnet-0a1b2c3d", "subnet-1b2c3d4e"],
  databases: [
    { securityGroup: "sg-0a1b2c3d", port: 5432 },
    { securityGroup: "sg-0a1b2c3d4e5f6a7b8", port: 3306 },
  ],
  endpoints: true,
  routeTables: ["rtb-0a1b2c3d"],
};
const within = (change: object = {}, further: object = {}) =>
  synthesise({
    environment: "production",
    overrides: JSON.stringify({ network: { ...network, ...change }, ...further }),
  });
const { template, complaints } = within();
const propertiesOf = (type: string) => resources(template, type).map(([, { Properties }]) => Properties);
const functions = { "Fn::GetAtt": [expect.stringMatching(/^NetworkFunctions/), "GroupId"] };

test("cdk-nag and the library have nothing to complain of", () => expect(complaints).toEqual([]));

describe("the functions that enter databases", () => {
  test("stand in the subnets of the configuration, and no other function does", () => {
    const placed = resources(template, "AWS::Lambda::Function").filter(([, each]) => "VpcConfig" in each.Properties);
    expect(placed.map(([id]) => id.replace(/Operation.*/, ""))).toEqual(["RotateSecrets", "HealRotations"]);
    for (const [, { Properties }] of placed) {
      expect(Properties.VpcConfig).toEqual({ SubnetIds: network.subnets, SecurityGroupIds: [functions] });
    }
  });

  test("let nobody in, and go out to the databases' ports and HTTPS alone", () => {
    const [own] = resources(template, "AWS::EC2::SecurityGroup").filter(([id]) => id.startsWith("NetworkFunctions"));
    expect(own?.[1].Properties).not.toHaveProperty("SecurityGroupIngress");
    expect(own?.[1].Properties.SecurityGroupEgress).toMatchObject([
      { CidrIp: "0.0.0.0/0", IpProtocol: "tcp", FromPort: 443, ToPort: 443 },
      { DestinationSecurityGroupId: "sg-0a1b2c3d", IpProtocol: "tcp", FromPort: 5432, ToPort: 5432 },
      { DestinationSecurityGroupId: "sg-0a1b2c3d4e5f6a7b8", IpProtocol: "tcp", FromPort: 3306, ToPort: 3306 },
    ]);
  });

  test("are let in by each database, on its port", () => {
    expect(propertiesOf("AWS::EC2::SecurityGroupIngress")).toMatchObject([
      { GroupId: "sg-0a1b2c3d", SourceSecurityGroupId: functions, FromPort: 5432, ToPort: 5432 },
      { GroupId: "sg-0a1b2c3d4e5f6a7b8", SourceSecurityGroupId: functions, FromPort: 3306, ToPort: 3306 },
      { GroupId: { "Fn::GetAtt": [expect.stringMatching(/^NetworkEndpoints/), "GroupId"] }, FromPort: 443 },
    ]);
  });

  test("have their interfaces made by Lambda, and can make none themselves", () => {
    const interfaces = statementsOf(template).filter(({ actions }) => actions.includes("ec2:CreateNetworkInterface"));
    expect(interfaces.map(({ owner, effect }) => `${owner}: ${effect}`)).toEqual([
      "RotateSecretsOperationRole: Allow",
      "RotateSecretsOperationNoInterfaces: Deny",
      "HealRotationsOperationRole: Allow",
      "HealRotationsOperationNoInterfaces: Deny",
    ]);
    for (const { effect, condition, actions } of interfaces) {
      if (effect === "Allow") {
        expect(condition).toEqual({ StringEquals: { "aws:RequestedRegion": { Ref: "AWS::Region" } } });
      } else {
        expect(condition).toMatchObject({ ArnEquals: { "lambda:SourceFunctionArn": expect.anything() } });
        expect(actions.every((action) => action.startsWith("ec2:"))).toBe(true);
      }
    }
  });

  test("say in words that EC2 takes", () => {
    const texts = JSON.stringify(
      [..."SecurityGroup SecurityGroupIngress".split(" ")].map((type) => propertiesOf(`AWS::EC2::${type}`)),
    ).matchAll(/"(?:Group)?Description":"([^"]*)"/g);
    const said = [...texts].map(([, text = ""]) => text);
    expect(said.length).toBeGreaterThan(5);
    expect(said.filter((text) => !/^[\w. \-:/()#,@[\]+=&;{}!$*]{1,255}$/.test(text))).toEqual([]);
  });
});

describe("endpoints", () => {
  const services = (of = template) =>
    resources(of, "AWS::EC2::VPCEndpoint").map(([, { Properties }]) => {
      const name = /\.([a-z]+)"\]/.exec(JSON.stringify(Properties.ServiceName))?.[1];
      return `${Properties.VpcEndpointType} ${name}`;
    });

  test("lead to what the functions ask", () => {
    expect(services()).toEqual(["Interface secretsmanager", "Interface sts", "Interface events", "Gateway dynamodb"]);
  });

  test("lead to ECS too, where services are to be deployed anew", () => {
    const readers = [{ secret: "shop/*", cluster: "main", service: "shop" }];
    expect(services(within({}, { secrets: { readers } }).template)).toContain("Interface ecs");
  });

  test("are not made where the VPC has its own way to AWS", () => {
    expect(services(within({ endpoints: false, routeTables: undefined }).template)).toEqual([]);
  });

  test("need the route tables, through which the ledger is reached", () => {
    expect(() => within({ routeTables: undefined })).toThrow(Refused);
    expect(() => within({ routeTables: undefined })).toThrow("network.routeTables: state the subnets' route tables");
  });
});
